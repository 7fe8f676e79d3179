import Attestation
import BakeModel
import Signing

/// Reads what is stated of generations.
public struct StatementReading: Sendable {
    private let store: BakeStore
    private static let limit = 256 << 20

    /// Reads the statements of a store.
    public init(store: BakeStore) { self.store = store }

    /// Everything that is stated of a generation, what was said first first.
    public func statements(of record: GenerationRecord) throws -> [StatementFacts] {
        record.statements + (try store.attestations.attestations(of: record.id).flatMap(\.record.statements))
    }

    /// A document: of statements what they claim, or the whole of it with its envelope.
    /// - Throws: `StoreError`; `UnreadableStatement` where it is not what its record says.
    public func document(_ facts: StatementFacts, isWhole: Bool) throws -> [UInt8] {
        let bytes = try store.blobs.read(facts.document, limit: Self.limit)
        if isWhole || facts.kind == .checkpoint { return bytes }
        return try statement(in: bytes, facts).predicate.canonicalBytes
    }

    /// The statement that a document holds, signed or not.
    public func statement(_ facts: StatementFacts) throws -> InTotoStatement {
        try statement(in: try store.blobs.read(facts.document, limit: Self.limit), facts)
    }

    /// The envelope; nil where nobody signed.
    public func envelope(_ facts: StatementFacts) throws -> Envelope? {
        guard facts.mediaType == Envelope.mediaType else { return nil }
        let bytes = try store.blobs.read(facts.document, limit: Self.limit)
        guard let json = try? JSON(parsing: bytes), let envelope = Envelope(json) else {
            throw UnreadableStatement(document: facts.document)
        }
        return envelope
    }

    private func statement(in bytes: [UInt8], _ facts: StatementFacts) throws -> InTotoStatement {
        let payload = try envelope(facts)?.payload ?? bytes
        guard let json = try? JSON(parsing: payload), let statement = InTotoStatement(json) else {
            throw UnreadableStatement(document: facts.document)
        }
        return statement
    }
}

/// A document that is no statement.
public struct UnreadableStatement: ExplainedError, Hashable {
    let document: Digest

    public var doing: String { "read the statement" }
    public var subject: String { document.description }
    public var reason: String { "it is no in-toto statement" }
    public var exit: ExitCode { .damaged }
}
