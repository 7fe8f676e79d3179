extension Verdict {
    /// One verdict out of several on the same image by the same spec: a check that changed its verdict is flaky.
    ///
    /// - Parameter runs: the verdicts, in the order of time; an empty list has no checks. A check that is missing in a
    ///   run changed its verdict.
    public init(repeated runs: [Verdict]) {
        guard runs.count > 1, let last = runs.last else {
            self = runs.last ?? Verdict(checks: [])
            return
        }
        let named = runs.map { Self.named($0.checks) }
        let byName = named.map { Dictionary($0) { first, _ in first } }
        var seen: Set<Name> = []
        let names = named.flatMap { $0.map(\.0) }.filter { seen.insert($0).inserted }
        let checks = names.map { name in Check(name, byName.map { $0[name] }) }
        self.init(checks: checks, output: last.output ?? runs.lazy.compactMap(\.output).first)
    }

    /// The checks of a run by what tells them apart: several may have the same name, as Serverspec's examples do.
    private static func named(_ checks: [Check]) -> [(Name, Check)] {
        var counts: [Name: Int] = [:]
        return checks.map { check in
            var name = Name(check)
            name.occurrence = counts[name, default: 0]
            counts[Name(check), default: 0] += 1
            return (name, check)
        }
    }

    /// What tells one check from another.
    fileprivate struct Name: Hashable {
        let resource: String
        let id: String
        let property: String
        /// How many checks of the run come before it with the same name.
        var occurrence = 0

        init(_ check: Check) { (resource, id, property) = (check.resource, check.id, check.property) }
    }
}

extension Verdict.Check {
    fileprivate init(_ name: Verdict.Name, _ runs: [Verdict.Check?]) {
        let outcomes = runs.map { $0?.outcome ?? .skipped("it was not looked at") }
        let first = outcomes[0]
        let isSteady = outcomes.allSatisfy { $0.word == first.word }
        let otherwise = outcomes.first { $0 != .passed } ?? first
        let passes = outcomes.count { $0 == .passed }
        self.init(
            resource: name.resource, id: name.id, property: name.property,
            outcome: isSteady
                ? outcomes[outcomes.count - 1]
                : .flaky(passes: passes, runs: runs.count, otherwise: otherwise.explanation),
            milliseconds: runs.reduce(0) { $0 + ($1?.milliseconds ?? 0) },
            expected: runs.lazy.compactMap { $0?.expected }.first, wrote: runs.compactMap { $0?.wrote }.last)
        let one = runs.lazy.compactMap { $0 }.first
        (title, meta) = (one?.title, one?.meta)
    }
}

extension Verdict.Outcome {
    /// Its name, as in records and reports.
    public var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .skipped: "skipped"
        case .error: "error"
        case .flaky: "flaky"
        }
    }

    /// What is to be said of it besides its name, on one line; empty for a pass.
    public var explanation: String {
        switch self {
        case .passed: ""
        case .failed(let expected, let found): "expected \(expected), found \(found)"
        case .skipped(let reason), .error(let reason): reason
        case .flaky(let passes, let runs, let otherwise): "passed \(passes) of \(runs) times; else \(otherwise)"
        }
    }

    /// The side that the spec says, where the two differ.
    var expected: String? { if case .failed(let expected, _) = self { expected } else { nil } }

    /// Whether it counts as a failure.
    public var isFailure: Bool {
        switch self {
        case .failed, .error, .flaky: true
        case .passed, .skipped: false
        }
    }

    /// Whether it was not looked at.
    public var isSkip: Bool { if case .skipped = self { true } else { false } }
}
