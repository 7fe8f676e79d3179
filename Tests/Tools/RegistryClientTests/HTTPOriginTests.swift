import Testing

@testable import RegistryClient

@Suite struct HTTPOriginTests {
    /// RFC 6454: scheme, host and port, the port of the scheme where none stands.
    @Test(
        "the same origin",
        arguments: [
            ("https://r.example/a", "HTTPS://R.Example:443?x"), ("http://r.example", "http://r.example:80/"),
            ("https://[::1]/a", "https://[::1]:443"), ("https://u:p@r.example/", "https://r.example"),
            ("https://o.example@r.example/", "https://r.example"),
            ("https://r.example#@o.example/", "https://r.example"),
        ])
    func same(left: String, right: String) { #expect(HTTPOrigin(left) == HTTPOrigin(right)) }

    @Test(
        "another origin",
        arguments: [
            ("https://r.example", "http://r.example"), ("https://r.example", "https://r.example:444"),
            ("https://r.example", "https://x.r.example"), ("https://r.example", "https://r.example.x"),
        ])
    func other(left: String, right: String) { #expect(HTTPOrigin(left) != HTTPOrigin(right)) }

    @Test(
        "what readers take differently is no address",
        arguments: [
            "", "ftp://r.example", "//r.example", "https://", "https:///a", "https://r.example\\@o.example/",
            "https://r.example/a b", "https://r.example/\n", "https://ä.example",
        ])
    func none(text: String) { #expect(HTTPOrigin(text) == nil) }
}
