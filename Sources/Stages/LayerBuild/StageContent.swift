import BakeModel
import GitRepository

/// How the files of the commit are read.
public struct CommitFiles: Sendable {
    /// The number of bytes of a file.
    let size: @Sendable (CommittedFile) throws -> UInt64
    /// The bytes of a file, or the target of a link; more than the limit is an error.
    let bytes: @Sendable (CommittedFile, _ limit: Int) throws -> [UInt8]

    /// Reads files by these two functions.
    public init(
        size: @escaping @Sendable (CommittedFile) throws -> UInt64,
        bytes: @escaping @Sendable (CommittedFile, _ limit: Int) throws -> [UInt8]
    ) {
        self.size = size
        self.bytes = bytes
    }
}

/// Files that a stage takes from the commit or from another stage, found and ready to be read.
public enum StageContent: Sendable {
    /// Files of the commit that a pattern selected.
    case checkout(PathPattern, [CommittedFile])
    /// A file that is written in the pipeline.
    case text([UInt8])
    /// Files of another stage: of its output, or of its root.
    case stage(StageName, StagePath, BuiltStage)

    /// What went in, for a key: one line a file of the commit, one line a stage.
    func keyInputs() -> [(name: String, value: String)] {
        switch self {
        case .checkout(_, let files):
            files.map { ($0.path.description, "\($0.mode) \($0.object)") }
        case .text(let bytes): [("text", Digest.of(bytes).description)]
        case .stage(let name, let path, let stage):
            [(name.text, path.inRoot ? stage.rootIdentity : stage.output?.diffID.description ?? "")]
        }
    }
}

/// A rule of `add:` with its files.
public struct StageAddition: Sendable {
    /// The rule as written.
    public let rule: AddRule
    /// Its files.
    public let content: StageContent

    /// Describes an addition.
    public init(rule: AddRule, content: StageContent) {
        self.rule = rule
        self.content = content
    }

    /// What the rule is called in a key.
    var title: String {
        if case .text = content { "file /\(rule.destination)" } else { "add \(content.text)" }
    }

    /// What went in, for a key.
    func keyInputs() -> [(name: String, value: String)] {
        guard case .text = content else { return content.keyInputs() }
        return content.keyInputs().map { ("text of /\(rule.destination)", $0.value) }
    }
}
