import BakeModel

/// The metadata test on an image's configuration.
struct StructureMetadataRun {
    let test: StructureMetadata
    let configuration: ImageConfiguration
    private let named = StructureCheck(resource: "metadataTest", id: "metadata")

    init(test: StructureMetadata, configuration: ImageConfiguration) {
        self.test = test
        self.configuration = configuration
    }

    /// A check for each thing that the test asks.
    func checks() -> [Verdict.Check] {
        let environment = StructureCommandRun.values(configuration.environment)
        // `8080/tcp` is asked for as `8080`.
        let ports = configuration.ports.map { String($0.prefix { $0 != "/" }) }
        var checks = test.environment.map { variable("envVars", $0, environment[$0.key]) }
        checks += test.unbound.map { absent("unboundEnvVars", $0, environment[$0]) }
        checks += test.labels.map { variable("labels", $0, configuration.labels[$0.key]) }
        checks += words("cmd", test.command, configuration.command)
        checks += words("entrypoint", test.entrypoint, configuration.entrypoint)
        checks += text("workdir", test.workingDirectory, configuration.workingDirectory)
        checks += text("user", test.user, configuration.user)
        checks += test.exposedPorts.map { member("exposedPorts", $0, of: ports, expected: true) }
        checks += test.unexposedPorts.map { member("unexposedPorts", $0, of: ports, expected: false) }
        checks += test.volumes.map { member("volumes", $0, of: configuration.volumes, expected: true) }
        checks += test.unmountedVolumes.map {
            member("unmountedVolumes", $0, of: configuration.volumes, expected: false)
        }
        return checks
    }

    private func variable(_ key: String, _ expected: StructureVariable, _ found: String?) -> Verdict.Check {
        let property = "\(key) \(expected.key)"
        let shown = Shown.text(expected.value.utf8)
        guard let found else { return named.check(property, .failed(expected: shown, found: "it is not set")) }
        if expected.isPattern {
            return named.patterns(property, [expected.value], in: Array(found.utf8), expected: true)
                ?? named.check(property, .passed)
        }
        return named.equal(property, expected.value, found) { Shown.text($0.utf8) }
    }

    private func absent(_ key: String, _ name: String, _ found: String?) -> Verdict.Check {
        named.check(
            "\(key) \(name)", found.map { .failed(expected: "not set", found: Shown.text($0.utf8)) } ?? .passed)
    }

    private func words(_ key: String, _ expected: [String]?, _ found: [String]?) -> [Verdict.Check] {
        expected.map { expected in
            [named.equal(key, expected, found ?? []) { Shown.list($0.map { Shown.text($0.utf8) }) }]
        } ?? []
    }

    private func text(_ key: String, _ expected: String?, _ found: String?) -> [Verdict.Check] {
        expected.map { [named.equal(key, $0, found ?? "") { Shown.text($0.utf8) }] } ?? []
    }

    private func member(_ key: String, _ item: String, of list: [String], expected: Bool) -> Verdict.Check {
        let shown = Shown.list(list.map { Shown.text($0.utf8) })
        let isAsExpected = list.contains(item) == expected
        return named.check(
            "\(key) \(item)",
            isAsExpected ? .passed : .failed(expected: expected ? item : "no \(item)", found: shown))
    }
}
