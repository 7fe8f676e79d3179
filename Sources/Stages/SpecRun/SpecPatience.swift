/// How long what is asked of the running image may take to become as expected.
public struct SpecPatience: Hashable, Sendable {
    /// In seconds, from the start of its process.
    public let seconds: Double
    /// Seconds between two looks.
    public let pause: Double

    /// What is usual.
    public static let standard = SpecPatience()

    /// Describes it.
    public init(seconds: Double = SpecRunner.patience, pause: Double = 0.05) {
        self.seconds = seconds
        self.pause = pause
    }

    /// Reads goss's options, durations such as `30s` and `500ms`; nil where one is none.
    public init?(timeout: String?, sleep: String?, orElse usual: SpecPatience = .standard) {
        let timeout = timeout.map { $0 == "0" ? 0 : GoDuration.milliseconds($0) }
        let sleep = sleep.map { GoDuration.milliseconds($0) }
        guard timeout != .some(nil), sleep != .some(nil) else { return nil }
        let seconds = (timeout ?? nil).map { Double($0) / 1000 } ?? usual.seconds
        self.init(seconds: seconds, pause: max(0.001, (sleep ?? nil).map { Double($0) / 1000 } ?? usual.pause))
    }
}
