//! The group's pages in a browser: `cargo test --test page`.
//!
//! Chromium is installed for it, and axe-core fetched, which takes a network and root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use tempfile::TempDir;

const BROWSER: &str = "chromium-headless-shell";

/// A telephone and a projector.
const SIZES: [(u32, u32); 2] = [(390, 844), (1920, 1080)];

/// Light and dark, as Blink numbers them.
const SCHEMES: [(&str, u8); 2] = [("light", 1), ("dark", 0)];

/// One of each kind of page.
const PAGES: [&str; 5] = ["index.html", "documents.html", "closed.html", "A-WG4-TP8-003.html", "SEC-2014-0243.html"];

fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}

/// Makes sure that a program is there.
fn need(program: &str) {
    if !Path::new("/usr/bin").join(program).exists() {
        let apt = || {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]);
            apt
        };
        succeeds(apt().arg("update"));
        succeeds(apt().args(["install", "-y", "--no-install-recommends", program, "fonts-dejavu-core"]));
    }
}

/// The script of axe-core, the checker of accessibility.
fn axe() -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let script = folder.join("package/axe.min.js");
    if !script.exists() {
        need("npm");
        fs::create_dir_all(&folder).unwrap();
        succeeds(Command::new("npm").args(["pack", "--silent", "axe-core@4.14.1"]).current_dir(&folder));
        succeeds(Command::new("tar").args(["-xzf", "axe-core-4.14.1.tgz"]).current_dir(&folder));
    }
    fs::read_to_string(script).unwrap()
}

/// The pages of the week that `minuted demo` plays, when something is overdue.
fn pages(folder: &Path) -> PathBuf {
    let minuted = || Command::new(cargo_bin("minuted"));
    let demo = folder.join("demo");
    succeeds(minuted().arg("demo").arg(&demo));
    succeeds(minuted().current_dir(&demo).args(["page", "page", "--now", "2014-05-20"]));
    demo.join("page")
}

fn browser(folder: &Path) -> Command {
    need(BROWSER);
    let mut browser = Command::new(BROWSER);
    browser.args(["--no-sandbox", "--hide-scrollbars", "--virtual-time-budget=20000"]);
    browser.arg(format!("--user-data-dir={}", folder.join("profile").display()));
    browser
}

/// The addresses that a browser asks for when it shows a page.
fn asked_for(page: &Path, folder: &Path) -> Vec<String> {
    let log = folder.join("net.json");
    let mut browser = browser(folder);
    browser.arg(format!("--log-net-log={}", log.display())).arg("--dump-dom");
    succeeds(browser.arg(format!("file://{}", page.display())));
    let log: Value = serde_json::from_slice(&fs::read(log).unwrap()).unwrap();
    let events = log["events"].as_array().unwrap();
    let urls = events.iter().filter_map(|event| event["params"]["url"].as_str());
    let mut urls: Vec<String> = urls.map(ToOwned::to_owned).collect();
    urls.dedup();
    urls
}

#[test]
fn no_page_asks_for_anything() {
    let folder = TempDir::new().unwrap();
    let pages = pages(folder.path());
    let elsewhere = |urls: &[String]| urls.iter().filter(|url| url.starts_with("http")).cloned().collect::<Vec<_>>();
    let control = folder.path().join("control.html");
    fs::write(&control, "<img src=\"http://127.0.0.1:9/pixel\">").unwrap();
    let seen = elsewhere(&asked_for(&control, folder.path()));
    assert!(seen.iter().any(|url| url.ends_with("/pixel")), "the log tells of what is asked for: {seen:?}");
    for page in PAGES {
        let seen = asked_for(&pages.join(page), folder.path());
        assert_eq!(elsewhere(&seen), [""; 0], "{page}");
    }
}

#[test]
fn every_kind_of_page_is_accessible_and_fits_on_a_phone_and_a_projector() {
    let folder = TempDir::new().unwrap();
    let pages = pages(folder.path());
    let axe = axe();
    for page in PAGES {
        let html = fs::read_to_string(pages.join(page)).unwrap();
        // The page allows no script; the copy that is looked at does.
        let (before, rest) = html.split_once("<meta http-equiv").unwrap();
        let (_, after) = rest.split_once(">\n").unwrap();
        let run = "axe.run(document).then(result => {
            const found = result.violations.map(it => it.id + ': ' + it.nodes.map(node => node.target + ' ' + node.failureSummary).join('; '));
            const root = document.documentElement;
            const seen = { found, passed: result.passes.map(it => it.id), width: root.scrollWidth, room: root.clientWidth };
            document.body.innerHTML = '';
            document.body.dataset.seen = JSON.stringify(seen);
        })";
        let copy = pages.join("looked-at.html");
        let script = |text: &str| format!("<script>{text}</script>");
        let body = after.replace("</body>", &format!("{}</body>", script(run)));
        fs::write(&copy, format!("{before}{}{body}", script(&axe.replace("</script", "<\\/script")))).unwrap();
        for (width, height) in SIZES {
            for (scheme, number) in SCHEMES {
                let mut browser = browser(folder.path());
                browser.arg(format!("--window-size={width},{height}"));
                browser.arg(format!("--blink-settings=preferredColorScheme={number}"));
                let output = succeeds(browser.arg("--dump-dom").arg(format!("file://{}", copy.display())));
                let dom = String::from_utf8(output.stdout).unwrap();
                let (_, seen) = dom.split_once("data-seen=\"").unwrap_or_else(|| panic!("{page}: {dom}"));
                let seen = seen.split_once('"').unwrap().0.replace("&quot;", "\"").replace("&amp;", "&");
                let seen: Value = serde_json::from_str(&seen).unwrap();
                let what = format!("{page}, {width} wide, {scheme}");
                assert_eq!(seen["found"], Value::Array(Vec::new()), "{what}");
                let passed = seen["passed"].as_array().unwrap();
                assert!(passed.iter().any(|rule| rule == "color-contrast"), "{what}: {passed:?}");
                assert!(seen["width"].as_u64() <= seen["room"].as_u64(), "{what}: it scrolls sideways: {seen}");
            }
        }
    }
}
