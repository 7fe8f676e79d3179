/// How long what is asked of the running image may take to become as expected.
public struct SpecPatience: Hashable, Sendable {
    /// Milliseconds from the start of its process, after which no further look begins.
    public var deadline: Int64
    /// Milliseconds between two looks.
    public var pause: Int64
    /// Whether commands that are not as expected run again until then, too: whoever asks for a time, as goss's
    /// `--retry-timeout`, means them as well. Otherwise what a command changes is done once.
    public var repeatsCommands = false

    /// What is usual: an image may take 10 s to be up.
    public static let standard = SpecPatience(deadline: 10_000)
    /// One look.
    public static let none = SpecPatience(deadline: 0)

    /// Describes it, without commands.
    public init(deadline: Int64, pause: Int64 = 50) {
        self.deadline = deadline
        self.pause = pause
    }

    /// Reads goss's options, durations such as `30s` and `500ms`; nil where one is none.
    public init?(timeout: String?, sleep: String?, orElse usual: SpecPatience = .standard) {
        self = usual
        if let timeout {
            guard let milliseconds = timeout == "0" ? 0 : GoDuration.milliseconds(timeout) else { return nil }
            (deadline, repeatsCommands) = (milliseconds, true)
        }
        if let sleep {
            guard let milliseconds = GoDuration.milliseconds(sleep) else { return nil }
            pause = max(1, milliseconds)
        }
    }
}
