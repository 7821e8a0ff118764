use crate::Project;

#[test]
fn for_people_and_for_tools() {
    let project = Project::new(&[]);
    let text = project.prisma(&["version"]).ok();
    assert!(text.contains(env!("CARGO_PKG_VERSION")) && text.contains("sqlite"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&project.prisma(&["version", "--json"]).ok()).unwrap();
    assert_eq!(json["prisma"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["providers"], serde_json::json!(["sqlite", "postgresql", "mysql", "cockroachdb"]));
    for flag in ["-v", "--version"] {
        assert_eq!(project.prisma(&[flag]).ok().trim(), format!("prisma {}", env!("CARGO_PKG_VERSION")));
    }
}
