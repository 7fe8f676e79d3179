import BakeModel
import RootFilesystem

/// `containerRunOptions`: how the commands of a structure test are run, and what they find of whoever tests.
struct StructureRunOptions: Hashable, Sendable {
    /// As whom commands run instead of the image's user.
    var user: String?
    /// Whether a terminal is the streams of the commands.
    var hasTerminal = false
    /// What commands find in their environment before all else, as it was when the file was read; nil where the file asks
    /// for nothing there.
    var variables: [String: String]?
    /// What of the machine appears in the image, for commands and for files.
    var mounts: [Sandbox.Bind] = []
    /// What of it is of whoever tests, as people are told.
    var lent: [String] = []

    /// The variables as they are kept.
    var json: JSON? { variables.map { .object($0.mapValues(JSON.string)) } }
}

/// A root in which nothing can be attached, or no terminal be made, without changing what others see.
struct UnlendableRoot: ExplainedError, Hashable {
    /// The path of the root.
    let path: String
    var doing: String { "run the commands of a structure test on" }
    var subject: String { path }
    var reason: String { "it is the machine itself, where nothing is mounted and no terminal is made for a test" }
    var hint: String? { "leave out \"bindMounts\" and \"allocateTty\", or test an image" }
    var exit: ExitCode { .usage }
}
