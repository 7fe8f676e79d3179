import BakeModel
import LedgerFixtures
import Testing

@testable import BakePipeline

/// What somebody who writes entries himself can claim of slots, and what the audit says of it.
@Suite struct SlotReplayTests {
    /// Entries one behind the other.
    private struct History {
        var replay = SlotReplay()
        var latest: Int64 = 0

        mutating func add(_ act: some RecordedAct) throws {
            try replay.take(next(act))
            latest += 1
        }

        func next(_ act: some RecordedAct) -> Entry {
            Entry(
                sequence: latest + 1, previous: nil, time: Timestamp(seconds: latest),
                clock: Timestamp(seconds: latest), actor: Sample.actor, act: act.act)
        }

        func isOrdered(_ move: SlotMove) -> Bool { replay.isOrdered(move, next(move)) }
    }

    private static let staging = Sample.slot("web:staging")
    private static let open = policy(EnvironmentPolicy(name: staging.environment, keep: 3, auto: [Sample.web]))

    private static func policy(_ environment: EnvironmentPolicy) -> Policy { Policy(environments: [environment]) }

    /// Generations 1 to 3, and a policy.
    private func history(_ policy: Policy = open) throws -> History {
        var history = History()
        for number in 1...3 {
            try history.add(
                Sample.record(Sample.generation("web@\(number)"), commit: number, image: "image \(number)"))
        }
        try history.add(PolicyApplied(policy: policy))
        return history
    }

    private func move(
        _ number: Int, from: Int?, _ direction: SlotMove.Direction = .promote, image: String? = nil,
        policy: Policy = open
    ) -> SlotMove {
        SlotMove(
            slot: Self.staging, direction: direction, from: from.map { Sample.generation("web@\($0)") },
            to: Sample.generation("web@\(number)"), image: Sample.digest(image ?? "image \(number)"),
            commit: Sample.commit(number), policy: policy.digest, gates: [], reason: nil, isAutomatic: true)
    }

    @Test("what bake does itself is found right: up, down to any place below, and up again")
    func honest() throws {
        var history = try history()
        for act in [
            move(1, from: nil), move(2, from: 1), move(3, from: 2), move(1, from: 3, .rollback), move(3, from: 1),
            move(1, from: 3, .rollback),
        ] { try history.add(act) }
        #expect(history.replay.findings.isEmpty, "\(history.replay.findings)")
    }

    @Test("a rollback to what is not below, also to the very top, is found")
    func rollback() throws {
        for act in [move(3, from: 2, .rollback), move(2, from: 2, .rollback)] {
            var history = try history()
            for honest in [move(1, from: nil), move(2, from: 1)] { try history.add(honest) }
            try history.add(act)
            #expect(history.replay.findings.map(\.entry) == [7])
            #expect(history.replay.findings.first?.explanation.contains("does not lie below") == true)
        }
    }

    @Test("another image, a made-up top, and a promotion of what was rejected are found")
    func claims() throws {
        var history = try history()
        try history.add(move(1, from: nil, image: "evil"))
        try history.add(move(2, from: 3))
        try history.add(
            Rejection(
                image: Sample.digest("image 3"), generation: Sample.generation("web@3"), reason: "bad", signed: nil))
        try history.add(move(3, from: 2))
        #expect(history.replay.findings.map(\.entry) == [5, 6, 8])
    }

    @Test("a move needs no signature only where no gate stands before it and bake itself would make it")
    func automatic() throws {
        var history = try history()
        #expect(history.isOrdered(move(1, from: nil)))
        try history.add(move(2, from: nil))
        #expect(!history.isOrdered(move(2, from: 2)), "it was there")
        #expect(history.isOrdered(move(3, from: 2)))
        try history.add(SlotFreeze(.all, isFrozen: true, until: Timestamp(seconds: 100), reason: nil))
        #expect(!history.isOrdered(move(3, from: 2)), "frozen")
        try history.add(SlotFreeze(.all, isFrozen: false, reason: nil))
        #expect(history.isOrdered(move(3, from: 2)))
        try history.add(
            Rejection(
                image: Sample.digest("image 3"), generation: Sample.generation("web@3"), reason: "bad", signed: nil))
        #expect(!history.isOrdered(move(3, from: 2)), "rejected")
    }

    @Test("a gate in the environment takes the exception away", arguments: ["after", "reason", "require", "soak"])
    func gates(name: String) throws {
        var rules = EnvironmentPolicy(name: Self.staging.environment, auto: [Sample.web])
        switch name {
        case "after": rules.after = Sample.environment("preview")
        case "reason": rules.reason = "CHG"
        case "require": rules.require = [.provenance]
        default: rules.soak = TimeSpan("1h")
        }
        let policy = Self.policy(rules)
        #expect(try !history(policy).isOrdered(move(1, from: nil, policy: policy)))
    }
}
