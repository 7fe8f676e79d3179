import BakeModel
import YAMLDocument

/// A spec in container-structure-test's vocabulary, schema 2.0.0.
public struct StructureFile: Hashable, Sendable {
    /// The file's path, as people know it.
    public let name: String
    /// The text it was read from.
    public let text: String
    let commands: [StructureCommand]
    let contents: [StructureContent]
    let files: [StructureExistence]
    let licenses: [StructureLicenses]
    let metadata: StructureMetadata?
    /// What every command finds in its environment besides the image's.
    let environment: [StructureVariable]
    /// How commands are run.
    let options: StructureRunOptions
    /// What is legal and yet probably not meant.
    let warnings: [SourceFault]

    /// Reads a file (YAML, or JSON as its subset).
    /// - Parameters:
    ///   - context: what it may ask for besides the image.
    ///   - variables: those that it had when it was read first, where it was kept.
    /// - Throws: everything that is wrong with it, with places. A file that checks nothing is wrong, too.
    public init(
        parsing text: String, name: String, with context: SpecContext = SpecContext(),
        keeping variables: [String: String]? = nil
    ) throws(SourceFaults) {
        let bytes = Array(text.utf8)
        let (reader, root) = YAMLReader.open(bytes, file: name, limits: .spec)
        var reading = StructureReading(reader, SourceText(file: name, bytes: bytes), context, kept: variables)
        let file = root.flatMap { reading.file($0) }
        let parts = try reading.reader.finish(file)
        self.name = name
        self.text = text
        options = parts.options
        warnings = reading.warnings
        commands = parts.commands
        contents = parts.contents
        files = parts.files
        licenses = parts.licenses
        metadata = parts.metadata
        environment = parts.environment
    }

    /// Whether it asks of the image's files.
    var asksFiles: Bool { !contents.isEmpty || !files.isEmpty || !licenses.isEmpty }

    /// Whether text says that it is such a file.
    static func isMeant(by text: String) -> Bool {
        // Most specs are goss's, and need not be parsed twice.
        guard text.utf8.containsSequence(Array("schemaVersion".utf8)) else { return false }
        guard let document = try? YAMLDocument(parsing: Array(text.utf8), file: "", limits: .spec) else {
            // Its faults are told as those of the vocabulary that it seems to be in.
            return text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("schemaVersion:") }
        }
        guard case .mapping(let map) = document.root else { return false }
        return map["schemaVersion"] != nil
    }
}

/// A name and a value, or what its value must match.
struct StructureVariable: Hashable, Sendable {
    let key: String
    let value: String
    var isPattern = false
}

/// `commandTests`.
struct StructureCommand: Hashable, Sendable {
    let name: String
    /// The program and its arguments.
    let words: [String]
    var setup: [[String]] = []
    var teardown: [[String]] = []
    var environment: [StructureVariable] = []
    var exitCode: Int64 = 0
    var expectedOutput: [String] = []
    var excludedOutput: [String] = []
    var expectedError: [String] = []
    var excludedError: [String] = []
}

/// `fileContentTests`.
struct StructureContent: Hashable, Sendable {
    let name: String
    let path: String
    var expected: [String] = []
    var excluded: [String] = []
}

/// `fileExistenceTests`.
struct StructureExistence: Hashable, Sendable {
    /// Who must be able to execute a file.
    enum Executor: String, CaseIterable, Hashable, Sendable { case any, owner, group, other }

    let name: String
    let path: String
    var shouldExist = true
    /// As Go spells a mode: `-rw-r--r--`.
    var permissions: String?
    var uid: Int64?
    var gid: Int64?
    var isExecutableBy: Executor?
}

/// `licenseTests`.
struct StructureLicenses: Hashable, Sendable {
    /// Whether every package of Debian's is asked for.
    var asksDebian = false
    /// Other files with licenses.
    var files: [String] = []
}

/// `metadataTest`.
struct StructureMetadata: Hashable, Sendable {
    var environment: [StructureVariable] = []
    var unbound: [String] = []
    var labels: [StructureVariable] = []
    var exposedPorts: [String] = []
    var unexposedPorts: [String] = []
    var volumes: [String] = []
    var unmountedVolumes: [String] = []
    var entrypoint: [String]?
    var command: [String]?
    var workingDirectory: String?
    var user: String?
}
