import BakeModel
import Testing

/// Expected values: the OCI distribution specification 1.1 and the grammar of the reference implementation
/// (distribution/reference).
@Suite struct RegistryReferenceTests {
    private static let hex = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "short names stand for Docker Hub; a dot, a colon or localhost makes a host",
        arguments: [
            ("docker://debian", "docker://docker.io/library/debian:latest", "https://registry-1.docker.io"),
            ("docker://debian:12-slim", "docker://docker.io/library/debian:12-slim", "https://registry-1.docker.io"),
            ("docker://user/app", "docker://docker.io/user/app:latest", "https://registry-1.docker.io"),
            (
                "docker://index.docker.io/debian", "docker://docker.io/library/debian:latest",
                "https://registry-1.docker.io"
            ),
            ("docker://GHCR.io/a/b/c:1", "docker://ghcr.io/a/b/c:1", "https://ghcr.io"),
            (
                "docker://registry.example:5000/a/b:t", "docker://registry.example:5000/a/b:t",
                "https://registry.example:5000"
            ),
            ("docker://host:5000/a", "docker://host:5000/a:latest", "https://host:5000"),
            ("docker://localhost/a", "docker://localhost/a:latest", "http://localhost"),
            ("docker://127.0.0.1:5000/a", "docker://127.0.0.1:5000/a:latest", "http://127.0.0.1:5000"),
            ("docker://[::1]:5000/a", "docker://[::1]:5000/a:latest", "http://[::1]:5000"),
            ("docker://127.0.0.1.example/a", "docker://127.0.0.1.example/a:latest", "https://127.0.0.1.example"),
            ("docker+http://r.example/a", "docker+http://r.example/a:latest", "http://r.example"),
            ("docker+https://localhost:1/a", "docker+https://localhost:1/a:latest", "https://localhost:1"),
            (
                "docker://a/b_c/d__e/f--g.h", "docker://docker.io/a/b_c/d__e/f--g.h:latest",
                "https://registry-1.docker.io"
            ),
            (
                "docker://debian@sha256:\(hex)", "docker://docker.io/library/debian@sha256:\(hex)",
                "https://registry-1.docker.io"
            ),
            (
                "docker://r.example/a:1@sha256:\(hex)", "docker://r.example/a:1@sha256:\(hex)", "https://r.example"
            ),
        ])
    func read(text: String, whole: String, origin: String) throws {
        let reference = try RegistryReference(parsing: text)
        #expect(reference.description == whole)
        #expect(reference.repository.origin == origin)
        #expect(try RegistryReference(parsing: whole) == reference)
    }

    @Test(
        "what is no name is refused",
        arguments: [
            ("debian", .scheme), ("docker:debian", .scheme), ("docker:///debian", .name("/debian")),
            ("docker://", .name("")), ("docker://Debian", .name("Debian")), ("docker://a//b", .name("a//b")),
            ("docker://a/b/", .name("a/b/")), ("docker://a___b", .name("a___b")), ("docker://a..b", .name("a..b")),
            ("docker://-a", .name("-a")), ("docker://r.example/../a", .name("../a")),
            ("docker://r.example/a?b", .name("a?b")), ("docker://ä.example/a", .host("ä.example")),
            ("docker://-r.example/a", .host("-r.example")), ("docker://r.example:0/a", .host("r.example:0")),
            ("docker://r.example:x/a", .host("r.example:x")), ("docker://u:p@r.example/a", .digest("r.example/a")),
            ("docker://r.example:65536/a", .host("r.example:65536")), ("docker://debian:", .tag("")),
            ("docker://debian:.x", .tag(".x")), ("docker://debian:a b", .tag("a b")),
            ("docker://debian@sha256:123", .digest("sha256:123")), ("docker://debian@sha512:1", .digest("sha512:1")),
            ("docker://" + String(repeating: "a", count: 256), .name(String(repeating: "a", count: 256))),
            ("docker://" + String(repeating: "a", count: 2000), .tooLong),
        ] as [(String, RegistryReferenceFault)])
    func refuse(text: String, fault: RegistryReferenceFault) {
        #expect(throws: fault) { try RegistryReference(parsing: text) }
    }
}
