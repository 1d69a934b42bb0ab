use super::*;

#[tokio::test]
async fn it_plays() {
    let dir = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    let played = play(dir.path(), &mut out).await;
    println!("{}", String::from_utf8(out).unwrap());
    played.unwrap();
}
