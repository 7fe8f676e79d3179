import BakeModel

/// An entry as it lies in the table: its number, the exact bytes of its line, and their hash.
struct StoredLine: Hashable {
    let sequence: Int64
    let line: [UInt8]
    let hash: String
    private static let longest = 16 << 20

    init(sequence: Int64, line: [UInt8], hash: String) {
        self.sequence = sequence
        self.line = line
        self.hash = hash
    }

    /// Spells an entry, and makes sure that it can be read again: what could not would damage the ledger.
    init(writing entry: Entry) throws {
        let bytes = entry.json.canonicalBytes
        guard bytes.count <= Self.longest else {
            throw LedgerError.unwritable(kind: entry.act.kind, detail: "the entry is longer than 16 MiB")
        }
        guard let json = try? JSON(parsing: bytes), Entry(json) == entry else {
            throw LedgerError.unwritable(
                kind: entry.act.kind, detail: "a number is out of range, or values nest deeper than a reader takes")
        }
        self.init(sequence: entry.sequence, line: bytes, hash: Digest.of(bytes).description)
    }

    /// The entry, once its bytes agree with their hash and its number.
    func entry(path: String) throws -> Entry {
        guard Digest.of(line).description == hash, let json = try? JSON(parsing: line), let entry = Entry(json),
            entry.sequence == sequence
        else { throw LedgerError.damaged(path: path, detail: "entry \(sequence) is not what was written") }
        return entry
    }
}
