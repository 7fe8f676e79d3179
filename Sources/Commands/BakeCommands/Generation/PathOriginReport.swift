import BakeModel
import BakePipeline

/// What `bake why REF:/path` tells.
struct PathOriginReport {
    let session: CommandSession

    /// Whether the argument names a path in an image, and not a stage.
    static func isPath(_ subject: String) -> Bool { subject.contains(":/") }

    func tell(_ reference: String, _ store: BakeStore) throws {
        let found = try session.resolver(store).resolve(reference)
        let origin = try PathOrigin(of: found.path ?? .root, in: found, of: store) {
            session.checkoutAtHand(of: $0, store)
        }
        if session.options.json { return session.console.document(json(origin, found)) }
        lines(origin, found).map(TerminalText.escaped).forEach(session.console.result)
    }

    private func lines(_ origin: PathOrigin, _ found: ResolvedReference) -> [String] {
        var lines = [
            "/\(origin.path)", "  stage   \(origin.stage ?? "unknown")", "  made by \(origin.layer.createdBy)",
            "  layer   \(origin.entry.layer + 1)  \(origin.layer.layer.blob.short)",
        ]
        if let source = origin.source, let commit = origin.commit {
            lines.append("  source  \(source)")
            lines.append("  commit  \(Self.text(commit))")
        } else if let record = found.generation {
            lines.append("  commit  \(Self.text(record.commit)), or one before it")
        }
        return lines
    }

    private static func text(_ commit: CommitFacts) -> String {
        "\(commit.id.short) \(commit.author) \"\(commit.summary)\""
    }

    private func json(_ origin: PathOrigin, _ found: ResolvedReference) -> JSON {
        .record([
            "schema": "bake/origin/1", "path": .string("/\(origin.path)"),
            "stage": origin.stage.map(JSON.string) ?? .null, "made-by": .string(origin.layer.createdBy),
            "layer": .string(origin.layer.layer.blob.description), "layer-number": .number(Int64(origin.entry.layer)),
            "source": origin.source.map { .string($0.description) } ?? .null,
            "commit": origin.commit?.json ?? .null, "newest-possible-commit": found.generation?.commit.json,
        ])
    }
}
