import BakeModel
import LinuxSystem

extension Verdict.Outcome {
    /// Whether a process runs, or has done its work and ended.
    /// - Parameter ending: nil where it still runs.
    static func started(endedWith ending: ChildProcess.Ending?) -> Verdict.Outcome {
        guard let ending, !ending.succeeded else { return .passed }
        return .failed(
            expected: "it runs, or has ended with exit status 0", found: "it ended with \(ending.explanation)")
    }
}

extension Verdict.Check {
    /// That the image's own process started. No spec asks for it: every run has it, so that runs can be compared.
    static func start(_ outcome: Verdict.Outcome) -> Verdict.Check {
        Verdict.Check(resource: "image", id: "process", property: "started", outcome: outcome, milliseconds: 0)
    }

    private static let start = start(.passed)

    /// Whether it is that check.
    fileprivate var isStart: Bool {
        resource == Self.start.resource && id == Self.start.id && property == Self.start.property
    }
}

extension Verdict {
    /// Without the check that the process started, where that says nothing: it did, or another check that failed tells
    /// how it ended.
    /// - Parameter othersTell: whether other checks do.
    func withoutIdleStart(othersTell: Bool = true) -> Verdict {
        let isTold = othersTell && checks.contains { !$0.isStart && $0.outcome.isFailure }
        let kept = checks.filter { check in
            guard check.isStart else { return true }
            if case .flaky = check.outcome { return true }
            return check.outcome.isFailure && !isTold
        }
        return Verdict(checks: kept, output: output, images: images, lent: lent)
    }
}
