import Attestation
import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import Signing

/// What was found of an image after its bake → an entry, signed where there is a key: then it counts, too, where only the word of
/// builders does.
struct FindingRecorder {
    let store: BakeStore
    let key: SigningKey?
    let actor: Actor
    let clock: Timestamp
    private static let attempts = 20

    /// Records a test.
    /// - Parameter generation: one whose image it is; nothing is signed where nil.
    /// - Returns: the number of the entry.
    func record(_ test: TestRecord, _ verdict: Verdict, of generation: GenerationRecord?) throws -> Int64 {
        guard let key, let generation else { return try store.generations.record(test, by: actor, clock: clock) }
        return try again(signingWith: key) {
            let (place, heads) = try store.promotion.placeOfNextTest(of: test.image)
            let result = TestResult(of: test, verdict, named: generation.id, at: place)
            let finding = try sign(result.statement, .verdict, of: generation, with: key)
            return try store.generations.record(test.signed(finding), by: actor, clock: clock, expecting: heads)
        }
    }

    /// Records a rebake.
    func record(_ rebake: RebakeRecord, of generation: GenerationRecord) throws {
        guard let key else { return try store.generations.record(rebake, by: actor, clock: clock) }
        try again(signingWith: key) {
            let (place, heads) = try store.promotion.placeOfNextRebake(of: generation)
            let result = RebakeResult(of: rebake, at: place)
            let finding = try sign(result.statement, .rebake, of: generation, with: key)
            try store.generations.record(rebake.signed(finding), by: actor, clock: clock, expecting: heads)
        }
    }

    private func sign(
        _ statement: InTotoStatement, _ kind: StatementFacts.Kind, of generation: GenerationRecord, with key: SigningKey
    ) throws -> SignedFinding {
        let facts = try StatementWriter(blobs: store.blobs, key: key).write(
            statement, kind, imageSize: generation.imageSize)
        return SignedFinding(generation: generation.id, statement: facts)
    }

    /// What is signed names the finding before it: where somebody else's came first it is signed anew.
    private func again<Value>(signingWith key: SigningKey, _ act: () throws -> Value) throws -> Value {
        _ = try store.attestations.publish(key.verifyingKey, by: actor, clock: clock)
        for _ in 1..<Self.attempts {
            do { return try act() } catch LedgerError.lostRace { continue }
        }
        return try act()
    }
}
