import BakeModel
import Signing

/// Checkpoints one behind the other, signed or not, as an anchor keeps them.
public struct CheckpointText: Sendable {
    /// A checkpoint, and the note that it stands in.
    public struct Item: Sendable {
        /// The checkpoint.
        public let checkpoint: Checkpoint
        /// The signed note; nil where nobody signed, so that only the place vouches for it.
        public let note: SignedNote?
    }

    /// The checkpoints, in the order of the text.
    public let items: [Item]

    /// Every checkpoint begins with the line that names its ledger.
    private static let start = "bake/"

    /// Reads a text. What is no whole checkpoint and bears no signature is passed over: a writer was stopped there.
    /// - Returns: nil where anything else stands in it.
    public init?(_ text: String) {
        var pieces: [[Substring]] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(Self.start) { pieces.append([]) }
            if pieces.isEmpty {
                guard line.isEmpty else { return nil }
                continue
            }
            pieces[pieces.count - 1].append(line)
        }
        var items: [Item] = []
        for piece in pieces {
            if let item = Self.item(piece) {
                items.append(item)
            } else if piece.contains(where: { $0.hasPrefix("\u{2014} ") }) {
                return nil
            }
        }
        self.items = items
    }

    private static func item(_ lines: [Substring]) -> Item? {
        guard let end = lines.firstIndex(of: "") else { return nil }
        let text = lines[..<end].map { "\($0)\n" }.joined()
        guard let checkpoint = Checkpoint(text) else { return nil }
        let signatures = lines[(end + 1)...].filter { !$0.isEmpty }
        if signatures.isEmpty { return Item(checkpoint: checkpoint, note: nil) }
        guard let note = SignedNote("\(text)\n\(signatures.map { "\($0)\n" }.joined())") else { return nil }
        return Item(checkpoint: checkpoint, note: note)
    }
}
