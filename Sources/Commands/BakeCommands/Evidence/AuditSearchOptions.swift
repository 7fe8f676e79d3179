import ArgumentParser
import AuditTrail
import BakeModel
import BakePipeline

/// Questions to the ledger that are not about one reference.
struct AuditSearchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where this package was and still is: openssl, 'openssl<3.0.15', in Debian's order.",
            valueName: "package"))
    var package: String?

    @Option(help: ArgumentHelp("Everywhere the commits were whose ids begin so.", valueName: "hex"))
    var commit: String?

    @Flag(help: "What was rejected and is still somewhere.")
    var rejected = false

    @Flag(help: "What people did, the latest first: moves, approvals, rejections, policies.")
    var acts = false

    @Option(
        help: ArgumentHelp(
            "With --acts: by whom, be the name claimed, observed (also as uid:N) or signed.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("With --acts: how many.", valueName: "count"))
    var limit = 100

    /// Answers what is not answered by spans.
    /// - Returns: whether something was asked.
    func tell(_ store: BakeStore, _ session: CommandSession, asCSV: Bool) throws -> Bool {
        if let package {
            guard let question = PackageQuestion(package) else {
                throw UsageError(
                    subject: package, reason: "it asks for no package", hint: PackageQuestion.explanation)
            }
            let result = try PackageSearch(store: store, question: question).result()
            PackageReport(session: session, question: question, result: result).tell(asCSV: asCSV)
            return true
        }
        guard acts || by != nil else { return false }
        guard limit > 0 else { throw UsageError(subject: "--limit \(limit)", reason: "at least one is shown") }
        let entries = try store.audit.acts(by: by, limit: limit)
        try ActsReport(session: session, entries: entries, in: store).tell(asCSV: asCSV)
        return true
    }

    /// The spans that are asked for; nil where they are those of a reference.
    func spans(_ store: BakeStore) throws -> [AuditSpan]? {
        if rejected { return try store.audit.rejectedSpans() }
        guard let commit else { return nil }
        guard let prefix = CommitPrefix(commit) else {
            throw UsageError(subject: commit, reason: "it is no commit's id", hint: "4 to 40 hexadecimal digits")
        }
        let spans = try store.audit.spans(of: prefix)
        if spans.isEmpty { try CommitSearch(store: store).confirm(prefix) }
        return spans
    }
}
