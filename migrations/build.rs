//! Applies the migrations to an empty database in `OUT_DIR`, so that `sqlx::query!` checks every
//! statement at compile time without a prepared cache in the tree.

use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=migrations");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let schema = out.join("schema.db");
    for suffix in ["", "-wal", "-shm"] {
        let stale = out.join(format!("schema.db{suffix}"));
        if stale.exists() {
            std::fs::remove_file(stale)?;
        }
    }
    let url = format!("sqlite://{}", schema.display());
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        use sqlx::ConnectOptions as _;
        let mut connection =
            url.parse::<sqlx::sqlite::SqliteConnectOptions>()?.create_if_missing(true).connect().await?;
        let migrations = sqlx::migrate::Migrator::new(Path::new("migrations")).await?;
        migrations.run(&mut connection).await?;
        sqlx::Connection::close(connection).await?;
        Ok::<(), Box<dyn std::error::Error>>(())
    })?;
    println!("cargo::rustc-env=DATABASE_URL={url}");
    Ok(())
}
