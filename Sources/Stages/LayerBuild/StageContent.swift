import BakeModel
import GitRepository

/// How the files of the commit are read.
public struct CommitFiles: Sendable {
    /// The numbers of bytes of files.
    let sizes: @Sendable ([CommittedFile]) throws -> [UInt64]
    /// The bytes of files, or the targets of links; more than the limit for one of them is an error.
    let contents: @Sendable ([CommittedFile], _ limit: Int) throws -> [[UInt8]]

    /// Reads files by these two functions.
    public init(
        sizes: @escaping @Sendable ([CommittedFile]) throws -> [UInt64],
        bytes: @escaping @Sendable ([CommittedFile], _ limit: Int) throws -> [[UInt8]]
    ) {
        self.sizes = sizes
        contents = bytes
    }

    /// The bytes of one file.
    func bytes(_ file: CommittedFile, _ limit: Int) throws -> [UInt8] { try contents([file], limit).first ?? [] }
}

/// Files that a stage takes from the commit or from another stage, found and ready to be read.
public enum StageContent: Sendable {
    /// Files of the commit that a pattern selects.
    case checkout(PathPattern, SelectedFiles)
    /// A file that is written in the pipeline.
    case text([UInt8])
    /// Files of another stage: of its output, or of its root.
    case stage(StageName, StagePath, BuiltStage)

    /// What went in, for a key: one line a file of the commit, one line a stage.
    func keyInputs() throws -> [(name: String, value: String)] {
        switch self {
        case .checkout(_, let files): try files.all().map { ($0.path.description, "\($0.mode) \($0.object)") }
        default: settledInputs
        }
    }

    /// The same for a shorthand: files of the commit stand in one line. Nil where only the files themselves tell.
    func shortInputs() throws -> [(name: String, value: String)]? {
        guard case .checkout(let pattern, let files) = self else { return settledInputs }
        return try files.identity().map { [(pattern.text, "\(pattern.contents) \($0)")] }
    }

    private var settledInputs: [(name: String, value: String)] {
        switch self {
        case .checkout: []
        case .text(let bytes): [("text", Digest.of(bytes).description)]
        case .stage(let name, let path, let stage):
            [(name.text, path.inRoot ? stage.rootIdentity : stage.output?.diffID.description ?? "")]
        }
    }
}

/// Files of the commit, found when they are asked for.
public struct SelectedFiles: Sendable {
    /// The files, in the order of their paths.
    let all: @Sendable () throws -> [CommittedFile]
    /// Names where in which tree they are looked for, so that equal names mean equal files; nil where nothing does.
    let identity: @Sendable () throws -> String?

    /// Finds files by these two functions.
    public init(
        identity: @escaping @Sendable () throws -> String? = { nil },
        all: @escaping @Sendable () throws -> [CommittedFile]
    ) {
        self.identity = identity
        self.all = all
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
    func keyInputs() throws -> [(name: String, value: String)] { named(try content.keyInputs()) }

    /// What went in, for a shorthand.
    func shortInputs() throws -> [(name: String, value: String)]? { try content.shortInputs().map(named) }

    private func named(_ inputs: [(name: String, value: String)]) -> [(name: String, value: String)] {
        guard case .text = content else { return inputs }
        return inputs.map { ("text of /\(rule.destination)", $0.value) }
    }
}
