import BakeModel

@testable import SpecRun

/// What checks came to, in one letter each: p(assed), f(ailed), s(kipped), e(rror).
extension Verdict {
    var letters: String { checks.map(\.outcome.letter).joined() }
}

extension Verdict.Outcome {
    var letter: String {
        switch self {
        case .passed: "p"
        case .failed: "f"
        case .skipped: "s"
        case .error: "e"
        case .flaky: "y"
        }
    }
}

extension Match {
    /// As above.
    var letter: String {
        switch self {
        case .matched: "p"
        case .mismatched: "f"
        case .error: "e"
        }
    }
}
