import BakeModel
import YAMLDocument

/// A spec: what an image must be, in goss's vocabulary.
public struct SpecFile: Hashable, Sendable {
    /// The file's path, as people know it.
    public let name: String
    /// The text it was read from.
    public let text: String
    /// What is legal and yet probably not meant, such as an empty list of patterns. goss warns of the same.
    public let warnings: [SourceFault]
    let resources: [Resource]

    /// Reads a spec (YAML, or JSON as its subset).
    /// - Throws: everything that is wrong with it, with places. A spec that checks nothing is wrong, too.
    public init(parsing text: String, name: String) throws(SourceFaults) {
        let bytes = Array(text.utf8)
        if let faults = SourceFaults(TemplateMarks.faults(in: SourceText(file: name, bytes: bytes))) { throw faults }
        let (reader, root) = YAMLReader.open(bytes, file: name)
        var reading = SpecReading(reader, SourceText(file: name, bytes: bytes))
        let resources = root.map { reading.resources($0) }
        self.resources = try reading.reader.finish(resources)
        warnings = reading.warnings
        self.name = name
        self.text = text
    }

    /// Several files as one, whose questions are all asked of one running process.
    init(joining files: [SpecFile]) {
        name = files.map(\.name).joined(separator: ", ")
        text = files.map(\.text).joined()
        warnings = files.flatMap(\.warnings)
        resources = files.flatMap(\.resources)
    }

    /// The digest of the text: another one is another spec.
    public var digest: Digest { Digest.of(text.utf8) }

    /// Whether it asks anything of the running image, and not only of its root file system.
    public var asksRunningImage: Bool { resources.contains { $0.type.isBehaviour && !$0.isSkipped } }
}

/// goss's templates, which this version does not have. They are looked for before YAML sees the text, since they
/// stand anywhere, and mean other things in YAML.
enum TemplateMarks {
    private static let most = 20

    /// A fault for each line with a mark.
    static func faults(in source: SourceText) -> [SourceFault] {
        var faults: [SourceFault] = []
        for (index, line) in source.lines.enumerated() where faults.count < most {
            guard let column = column(in: Array(line.unicodeScalars)) else { continue }
            faults.append(
                source.fault(
                    "templates are not in this version", at: SourcePosition(line: index + 1, column: column),
                    suggestion: "write the value out"))
        }
        return faults
    }

    private static func column(in line: [Unicode.Scalar]) -> Int? {
        zip(line, line.dropFirst()).enumerated().first { $0.element == ("{", "{") }.map { $0.offset + 1 }
    }
}
