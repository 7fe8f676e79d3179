/// One thing that bake needs of a machine, and how it stands.
public struct MachineCheck: Hashable, Sendable {
    /// How it stands.
    public enum State: String, Sendable {
        /// It is there.
        case ok
        /// bake works without, but less well.
        case weak
        /// Something cannot work without.
        case missing
    }

    /// What it is, in a word or two.
    public let name: String
    /// How it stands.
    public let state: State
    /// What was found.
    public let finding: String
    /// The command or act that mends it; nil where nothing is to be mended.
    public let remedy: String?

    /// Describes it.
    public init(_ name: String, _ state: State, _ finding: String, remedy: String? = nil) {
        self.name = name
        self.state = state
        self.finding = finding
        self.remedy = remedy
    }

    /// A thing that failed when it was tried.
    public init(_ name: String, failed error: any Error) {
        let explained = error as? any ExplainedError
        let words = explained.map { "cannot \($0.doing) \($0.subject): \($0.reason)" } ?? String(describing: error)
        self.init(name, .missing, words, remedy: explained?.hint)
    }
}
