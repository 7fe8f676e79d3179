import Attestation
import BakeModel
import LedgerDatabase
import LedgerFixtures
import Signing
import Testing

@Suite struct CheckpointTests {
    @Test("a checkpoint's lines are origin, size, root in base64 and the head")
    func text() throws {
        let root = Digest.of([])
        let checkpoint = Checkpoint(store: "0011", size: 12, root: root, head: Sample.digest("line"))
        #expect(
            checkpoint.text == """
                bake/0011
                12
                47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
                \(Sample.digest("line"))

                """)
        #expect(Checkpoint(checkpoint.text) == checkpoint)
        let key = try SigningKey.random()
        let note = try #require(SignedNote(try checkpoint.signed(with: key).description))
        #expect(note.signer(among: [key.verifyingKey]) == key.verifyingKey)
    }

    @Test(
        "what is no checkpoint is refused",
        arguments: [
            "", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "a\n1\nAAAA\n",
        ])
    func strangers(text: String) { #expect(Checkpoint(text) == nil) }

    @Test("the tree is the one over the exported lines; the moves that are named are pending, and one writer wins")
    func pending() throws {
        let history = try TemporaryHistory(views: TemporaryHistory.views + [EvidenceView(), TreeView()])
        try history.bake(upTo: 2)
        try history.environments("production")
        try history.promote(1)
        try history.promote(2)
        let log = AttestationLog(ledger: history.ledger)
        var tree = MerkleFrontier()
        try history.audit.export { tree.append($0) }
        let pending = try #require(try log.pendingMoves(at: Array(1...history.ledger.latest()), store: "0011"))
        #expect(pending.checkpoint.size == tree.size && pending.checkpoint.root == tree.root)
        #expect(pending.moves.map(\.move.to.description) == ["web@1", "web@2"])
        let act = Attestation(
            generation: Sample.generation("web@1"), image: Sample.digest("image 1"), imageSize: 500,
            entry: pending.moves[0].entry.sequence, statements: [])
        try log.record([act], about: pending, by: Sample.actor, clock: Timestamp(seconds: 9))
        let second = pending.moves[1].entry.sequence
        let named = try #require(try log.pendingMoves(at: [second], store: "0011"))
        #expect(named.moves.map(\.move.to.description) == ["web@2"])
        #expect(throws: LedgerError.lostRace(.evidence)) {
            try log.record([act], about: pending, by: Sample.actor, clock: Timestamp(seconds: 9))
        }
        #expect(try history.audit.verify().isEmpty)
    }
}
