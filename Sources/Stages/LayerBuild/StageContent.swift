import BakeModel
import GitRepository

/// Files that a stage takes from the commit or from another stage, found and ready to be read.
public enum StageContent: Sendable {
    /// Files of the commit that a pattern selected.
    case checkout(PathPattern, [CommittedFile])
    /// Files of another stage: of its output, or of its root.
    case stage(StageName, StagePath, BuiltStage)

    /// What went in, for a key: one line a file of the commit, one line a stage.
    func keyInputs() -> [(name: String, value: String)] {
        switch self {
        case .checkout(_, let files):
            files.map { ($0.path.description, "\($0.mode) \($0.object)") }
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
}
