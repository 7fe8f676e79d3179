import BakeModel
import YAMLDocument

/// Reads container-structure-test's files and collects everything that is wrong with them.
struct StructureReading {
    var reader: YAMLReader
    private(set) var warnings: [SourceFault] = []
    let context: SpecContext
    /// The variables that were had when the file was read first; nil where it is read for the first time.
    let kept: [String: String]?
    private let source: SourceText
    private static let schema = "2.0.0"
    private static let keys = [
        "schemaVersion", "globalEnvVars", "commandTests", "fileExistenceTests", "fileContentTests", "metadataTest",
        "licenseTests", "containerRunOptions",
    ]

    init(_ reader: YAMLReader, _ source: SourceText, _ context: SpecContext, kept: [String: String]?) {
        self.reader = reader
        self.source = source
        self.context = context
        self.kept = kept
    }

    /// Tells of what is taken, and probably not meant so.
    mutating func warn(_ message: String, at node: YAMLNode) {
        warnings.append(source.fault(message, at: node.position))
    }

    /// What a file asks for.
    struct Parts {
        var commands: [StructureCommand] = []
        var contents: [StructureContent] = []
        var files: [StructureExistence] = []
        var licenses: [StructureLicenses] = []
        var metadata: StructureMetadata?
        var environment: [StructureVariable] = []
        var options = StructureRunOptions()

        var isEmpty: Bool {
            commands.isEmpty && contents.isEmpty && files.isEmpty && licenses.isEmpty && metadata == nil
        }
    }

    /// The whole file.
    mutating func file(_ root: YAMLNode) -> Parts? {
        guard let map = record(root, "a structure test", keys: Self.keys) else { return nil }
        confirmVersion(map)
        var parts = Parts()
        parts.environment = map["globalEnvVars"].map { variables($0, "\"globalEnvVars\"") } ?? []
        parts.commands = tests(map, "commandTests") { $0.command($1) }
        parts.files = tests(map, "fileExistenceTests") { $0.existence($1) }
        parts.contents = tests(map, "fileContentTests") { $0.content($1) }
        parts.metadata = map["metadataTest"].flatMap { metadata($0) }
        parts.licenses = tests(map, "licenseTests") { $0.licenses($1) }
        parts.options = map["containerRunOptions"].map { runOptions($0) } ?? StructureRunOptions()
        if reader.faults.isEmpty, parts.isEmpty { reader.note("the spec checks nothing", at: root.position) }
        return parts
    }

    /// A map whose keys are all known. One that says nothing is as good as absent, as container-structure-test has it.
    mutating func record(_ node: YAMLNode, _ what: String, keys: [String]) -> YAMLMapping? {
        reader.record(node, what, keys: keys)?.withoutNulls
    }

    private mutating func confirmVersion(_ map: YAMLMapping) {
        guard let node = map["schemaVersion"], let text = reader.text(node, "\"schemaVersion\"") else { return }
        guard text != Self.schema else { return }
        reader.note(
            "schema version \"\(text)\" is not in this version", at: node.position, suggestion: "it reads 2.0.0")
    }

    private mutating func tests<Test>(
        _ map: YAMLMapping, _ key: String, _ read: (inout StructureReading, YAMLNode) -> Test?
    ) -> [Test] {
        guard let node = map[key], let items = reader.items(node, "\"\(key)\"") else { return [] }
        var tests: [Test] = []
        for item in items { if let test = read(&self, item) { tests.append(test) } }
        return tests
    }

    private mutating func command(_ node: YAMLNode) -> StructureCommand? {
        let keys = [
            "name", "setup", "teardown", "command", "args", "envVars", "expectedOutput", "excludedOutput",
            "expectedError", "excludedError", "exitCode",
        ]
        guard let map = record(node, "a command test", keys: keys), let name = required("name", map),
            let program = required("command", map)
        else { return nil }
        var test = StructureCommand(name: name, words: [program] + texts("args", map))
        test.setup = commands("setup", map)
        test.teardown = commands("teardown", map)
        test.environment = map["envVars"].map { variables($0, "\"envVars\"") } ?? []
        test.exitCode = map["exitCode"].flatMap { reader.integer($0, "\"exitCode\"") } ?? 0
        test.expectedOutput = patterns("expectedOutput", map)
        test.excludedOutput = patterns("excludedOutput", map)
        test.expectedError = patterns("expectedError", map)
        test.excludedError = patterns("excludedError", map)
        return test
    }

    private mutating func existence(_ node: YAMLNode) -> StructureExistence? {
        let keys = ["name", "path", "shouldExist", "permissions", "uid", "gid", "isExecutableBy"]
        // Nothing would be `false` and user 0 there, which nobody means.
        guard let map = reader.record(node, "a file existence test", keys: keys), let name = required("name", map),
            let path = required("path", map)
        else { return nil }
        var test = StructureExistence(name: name, path: path)
        test.shouldExist = map["shouldExist"].flatMap { reader.flag($0, "\"shouldExist\"") } ?? true
        test.permissions = text("permissions", map)
        test.uid = owner("uid", map)
        test.gid = owner("gid", map)
        test.isExecutableBy = map["isExecutableBy"].flatMap { executor($0) }
        return test
    }

    /// Nil for one that asks for nothing.
    private mutating func licenses(_ node: YAMLNode) -> StructureLicenses? {
        guard let map = record(node, "a license test", keys: ["debian", "files"]) else { return nil }
        let asksDebian = map["debian"].flatMap { reader.flag($0, "\"debian\"") } ?? false
        let test = StructureLicenses(asksDebian: asksDebian, files: texts("files", map))
        return test == StructureLicenses() ? nil : test
    }

    /// Nil where nothing is asked, which may be spelled -1.
    private mutating func owner(_ key: String, _ map: YAMLMapping) -> Int64? {
        map[key].flatMap { reader.integer($0, "\"\(key)\"") }.flatMap { $0 == -1 ? nil : $0 }
    }

    private mutating func executor(_ node: YAMLNode) -> StructureExistence.Executor? {
        guard let text = reader.text(node, "\"isExecutableBy\"") else { return nil }
        if let executor = StructureExistence.Executor(rawValue: text) { return executor }
        reader.note("\"isExecutableBy\" is owner, group, other or any, not \"\(text)\"", at: node.position)
        return nil
    }

    private mutating func content(_ node: YAMLNode) -> StructureContent? {
        let keys = ["name", "path", "expectedContents", "excludedContents"]
        guard let map = record(node, "a file content test", keys: keys), let name = required("name", map),
            let path = required("path", map)
        else { return nil }
        return StructureContent(
            name: name, path: path, expected: patterns("expectedContents", map),
            excluded: patterns("excludedContents", map))
    }
}
