import BakeModel
import Testing

@testable import SpecRun

@Suite struct RepeatedVerdictTests {
    private func run(_ outcomes: (String, Verdict.Outcome)..., output: String? = nil) -> Verdict {
        Verdict(
            checks: outcomes.map {
                Verdict.Check(resource: "file", id: $0.0, property: "exists", outcome: $0.1, milliseconds: 2)
            }, output: output)
    }

    private let failure = Verdict.Outcome.failed(expected: "true", found: "false")

    @Test func aSteadyCheckKeepsItsVerdict() {
        let runs = [run(("a", .passed), ("b", failure)), run(("a", .passed), ("b", failure))]
        let verdict = Verdict(repeated: runs)
        #expect(verdict.letters == "pf")
        #expect(verdict.checks[0].milliseconds == 4)
    }

    /// Whatever came first or last: a check that passed sometimes has not passed.
    @Test(arguments: [["p", "f"], ["f", "p"], ["p", "p", "e"], ["s", "p"], ["p", "s", "p"], ["f", "e"]])
    func aChangedVerdictIsFlaky(letters: [String]) {
        let outcomes: [String: Verdict.Outcome] = [
            "p": .passed, "f": failure, "e": .error("no answer"), "s": .skipped("skip"),
        ]
        let verdict = Verdict(repeated: letters.compactMap { outcomes[$0] }.map { run(("a", $0)) })
        #expect(verdict.letters == "y")
        #expect(verdict.failed == 1 && !verdict.isPass)
        guard case .flaky(let passes, let runs, _) = verdict.checks[0].outcome else { return }
        #expect(passes == letters.count { $0 == "p" } && runs == letters.count)
    }

    /// Another found value is another failure, and not another verdict.
    @Test func twoFailuresAreOneVerdict() {
        let runs = [run(("a", failure)), run(("a", .failed(expected: "true", found: "nothing")))]
        #expect(Verdict(repeated: runs).letters == "f")
    }

    @Test func aCheckThatIsMissingInARunIsFlaky() {
        #expect(Verdict(repeated: [run(("a", .passed), ("b", .passed)), run(("a", .passed))]).letters == "py")
    }

    /// Checks of one name are told apart by their order.
    @Test func aNameMayStandTwice() {
        let runs = [run(("a", .passed), ("a", failure)), run(("a", .passed), ("a", failure))]
        #expect(Verdict(repeated: runs).letters == "pf")
        #expect(Verdict(repeated: [run(("a", .passed), ("a", .passed)), runs[0]]).letters == "py")
        #expect(Verdict(repeated: [run(("a", .passed)), run(("a", .passed), ("a", .passed))]).letters == "py")
    }

    @Test func keepsWhatTheProcessWrote() {
        let runs = [run(("a", failure), output: "starting"), run(("a", .passed))]
        #expect(Verdict(repeated: runs).output == "starting")
        #expect(Verdict(repeated: []).checks.isEmpty)
    }

    @Test func survivesItsRecord() throws {
        let verdict = Verdict(repeated: [run(("a", failure), output: "x"), run(("a", .passed))])
        #expect(Verdict(try JSON(parsing: verdict.json.canonicalBytes)) == verdict)
    }
}
