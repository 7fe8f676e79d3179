import BakeModel
import LedgerDatabase

/// The repository that a pipeline's name belongs to: the one that the policy names, else the one that baked it first.
public struct SourceRegistration: Hashable, Sendable {
    /// The repository, as it was spelled.
    public let source: String
    /// Whether the policy says so.
    public let isPolicy: Bool
    /// The entry that registered it.
    public let entry: Entry
}

extension GenerationLog {
    /// Whom a pipeline's name belongs to; nil where nobody ever asked for it.
    public func registration(of pipeline: PipelineName) throws -> SourceRegistration? {
        try ledger.read { try Self.registration(of: pipeline, in: $0) }
    }

    /// Refuses a pipeline's name to every repository but the one that it belongs to.
    /// - Throws: `SourceConflict`.
    public func admit(_ pipeline: PipelineName, from source: String) throws {
        try ledger.read { try Self.admit(pipeline, from: source, in: $0) }
    }

    static func admit(_ pipeline: PipelineName, from source: String, in transaction: ViewTransaction) throws {
        guard let first = try registration(of: pipeline, in: transaction),
            RepositoryIdentity(first.source) != RepositoryIdentity(source)
        else { return }
        throw SourceConflict(pipeline: pipeline, first: first, source: source)
    }

    private static func registration(
        of pipeline: PipelineName, in transaction: ViewTransaction
    ) throws -> SourceRegistration? {
        for query in [GenerationQuery.origin, .source] {
            guard let row = try transaction.row(query.rawValue, [.text(pipeline.text)]) else { continue }
            return SourceRegistration(
                source: try row.text("source"), isPolicy: query == .origin,
                entry: try transaction.entry(try row.integer("entry")))
        }
        return nil
    }
}

/// A pipeline's name belongs to another repository.
public struct SourceConflict: ExplainedError, Hashable {
    let pipeline: PipelineName
    let first: SourceRegistration
    let source: String

    public var doing: String { "bake" }
    public var subject: String { pipeline.text }
    public var reason: String {
        let how = first.isPolicy ? "by the policy of" : "by the first bake, of"
        return """
            that name belongs to \(first.source), and this commit comes from \(source)
            registered \(how) \(first.entry.actor.text), \(first.entry.time), entry \(first.entry.sequence)
            """
    }
    public var hint: String? {
        """
        give the pipeline another name, or bake into another store: --store DIR; where the repository has moved, the \
        operator says so in the policy, pipelines: { \(pipeline): { origin: "\(source)" } }, with bake env apply FILE
        """
    }
    public var exit: ExitCode { .refused }
}
