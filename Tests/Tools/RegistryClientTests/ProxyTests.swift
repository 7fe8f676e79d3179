import BakeModel
import GitFixtures
import Testing

@testable import RegistryClient

@Suite struct ProxyTests {
    private static let manifest = Array(#"{"schemaVersion":2}"#.utf8)

    /// The variables that curl(1) reads; HTTP_PROXY in capitals is not one of them.
    @Test("the environment's variables, as curl reads them")
    func environment() {
        let all = RegistryProxies(environment: [
            "all_proxy": "a", "HTTPS_PROXY": "b", "NO_PROXY": "c", "HTTP_PROXY": "d",
        ])
        #expect(all == RegistryProxies(plain: "a", encrypted: "b", exceptions: "c"))
        #expect(RegistryProxies(environment: ["HTTP_PROXY": "d", "https_proxy": ""]) == RegistryProxies())
        let both = RegistryProxies(environment: ["http_proxy": "x", "https_proxy": "y", "HTTPS_PROXY": "z"])
        #expect(both == RegistryProxies(plain: "x", encrypted: "y"))
    }

    @Test("a proxy is asked for the whole address, and not where an exception names the host")
    func used() throws {
        let proxy = try ScriptedRegistry(["http://r.example/v2/a/manifests/1": [.init(content: Self.manifest)]])
        var access = RegistryAccess(proxies: RegistryProxies(plain: "http://127.0.0.1:\(proxy.port)"))
        let repository = try RegistryReference(parsing: "docker+http://r.example/a").repository
        let client = try RegistryClient(repository, access: access, program: BuiltBake.program)
        #expect(try client.manifest(tag: "1") == Self.manifest)
        access.proxies.exceptions = "r.example"
        let excepted = try RegistryClient(repository, access: access, program: BuiltBake.program)
        // No machine has a name of the domain "example" (RFC 2606).
        #expect(throws: RegistryError.unknownHost("\(repository):1", host: "r.example")) {
            try excepted.manifest(tag: "1")
        }
        #expect(try proxy.requests().count == 1)
    }
}
