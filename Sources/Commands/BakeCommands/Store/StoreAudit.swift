import ArgumentParser
import AuditTrail
import BakeModel
import BakePipeline
import LedgerDatabase

/// `bake audit`: what was where, when, and why.
struct StoreAudit: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "audit",
        abstract: "Answer which image was where, when, from which commit, moved by whom and why.",
        discussion: """
            bake audit production                       everything the slot ever held
            bake audit production@{2026-11-20T03:00}    what it held then
            bake audit web@41                           everywhere that image was
            bake audit --package 'openssl<3.0.15'       where a package was, and where it still is
            bake audit --commit 1a2b3c4                 everywhere a commit was
            bake audit --rejected                       what was rejected and is still somewhere
            bake audit --acts --by alice                who promoted, rolled back, approved, changed the policy
            bake audit --verify                         whether the ledger is what was written, and who it says signed did
            bake audit --verify --trust keys/ --against checkpoints
                                                        and is signed by these keys, and nothing was cut off
            bake audit --anchor                         a checkpoint now, where the policy's anchor says
            bake audit --bundle web@42 -o web-42.tar    all evidence of one generation, to be checked without bake
            "(signed)" is the ledger's word; --verify checks each signature.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A slot, a slot at a time, a generation or a digest.", valueName: "reference"))
    var reference: String?

    @Flag(help: "Print comma-separated values.")
    var csv = false

    @OptionGroup var search: AuditSearchOptions

    @Flag(help: "Check every entry, the chain and the views.")
    var verify = false

    @Flag(help: "Write the entries as lines; the SHA-256 of each is the next one's \"prev\".")
    var export = false

    @Flag(help: "Write a checkpoint to the policy's anchor now, and say what is there.")
    var anchor = false

    @OptionGroup var evidenceKey: EvidenceKeyOptions
    @OptionGroup var verification: VerificationOptions

    @Option(help: ArgumentHelp("Write all evidence of a generation as a tar.", valueName: "generation"))
    var bundle: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file that --bundle writes; - is standard output.", valueName: "file"))
    var output: String?

    func run() throws {
        let session = CommandSession(global)
        try confirmQuestion()
        if anchor { return try AnchorReport(session: session).tell(key: try evidenceKey.key(session)) }
        let store = try session.openStore(readOnly: true)
        if verify {
            session.tellReading(try store.audit.latest())
            let verification = try verification.verification(of: store, session)
            return try LedgerReport(session: session).tell(
                try verification.run(), isTrusting: verification.isTrusting, knowsPeople: verification.knowsPeople)
        }
        if let bundle { return try BundleWriting(session: session).write(bundle, to: output, from: store) }
        if export { return try store.audit.export { try session.console.piece($0 + [UInt8(ascii: "\n")]) } }
        if try search.tell(store, session, asCSV: csv) { return }
        let spans =
            try search.spans(store) ?? AuditQuestion(session: session, store: store).spans(reference)
        let report = AuditReport(session: session, spans: spans, notes: try AuditNotes(spans, in: store))
        if session.options.json { return session.console.document(try report.document()) }
        if csv { return try report.csv().forEach(session.console.result) }
        if search.rejected, spans.isEmpty {
            return session.console.result("nothing that was rejected is still there")
        }
        try report.lines().forEach(session.console.result)
    }
}

extension StoreAudit {
    /// Refuses what would be ignored without a word.
    private func confirmQuestion() throws {
        let ways: [(name: String, isAsked: Bool)] = [
            ("--verify", verify), ("--export", export), ("--anchor", anchor), ("--bundle", bundle != nil),
        ]
        let questions: [(name: String, isAsked: Bool)] = [
            (reference ?? "", reference != nil), ("--package", search.package != nil),
            ("--commit", search.commit != nil),
            ("--rejected", search.rejected), ("--acts", search.acts || search.by != nil),
        ]
        let asked = (ways + questions).filter(\.isAsked).map(\.name)
        guard asked.count < 2 else {
            throw UsageError(
                subject: "audit \(asked.joined(separator: " "))", reason: "it answers one question at a time")
        }
        if csv, let way = ways.first(where: \.isAsked) {
            throw UsageError(subject: "--csv", reason: "\(way.name) has no values to separate by commas")
        }
        if let output, bundle == nil {
            throw UsageError(subject: "-o \(output)", reason: "only --bundle writes a file", hint: "> \(output)")
        }
        if !verify, verification.trust != nil || !verification.against.isEmpty {
            let option = verification.trust == nil ? "--against" : "--trust"
            throw UsageError(subject: option, reason: "it is a part of --verify")
        }
    }
}

/// Reference → spans.
struct AuditQuestion {
    let session: CommandSession
    let store: BakeStore

    func spans(_ text: String?) throws -> [AuditSpan] {
        guard let text else { return try store.audit.slots().flatMap { try store.audit.timeline(of: $0) } }
        let resolver = try session.resolver(store)
        let reference = try Reference(text, clock: session.localClock)
        switch reference.base {
        case .slot(let slot, .at(let time)): return try at(time, slot)
        case .environment(let name, .at(let time)):
            return try at(time, Slot(pipeline: try resolver.onlyPipeline(for: text), environment: name))
        case .slot(let slot, .now): return try timeline(slot)
        case .name(let name) where try !store.generations.pipelines().contains(name.pipeline):
            return try timeline(try resolver.slot(text))
        case .name(let name): return try store.audit.slots().filter { $0.pipeline == name.pipeline }.flatMap(timeline)
        default: return try store.audit.spans(of: try resolver.resolve(text).image)
        }
    }

    private func timeline(_ slot: Slot) throws -> [AuditSpan] {
        let spans = try store.audit.timeline(of: slot)
        guard !spans.isEmpty else { throw try absence(from: slot, at: nil) }
        return spans
    }

    private func at(_ time: ZonedTime, _ slot: Slot) throws -> [AuditSpan] {
        guard time.timestamp <= session.now() else {
            throw UsageError(subject: "\(slot)@{\(time)}", reason: "that time has not come yet")
        }
        guard let span = try store.audit.span(of: slot, at: time.timestamp) else {
            throw try absence(from: slot, at: time)
        }
        return [span]
    }

    /// - Throws: where the slot's pipeline or environment is not there at all.
    private func absence(from slot: Slot, at time: ZonedTime?) throws -> NothingThere {
        try session.resolver(store).confirm(slot, slot.description)
        return NothingThere(slot: slot, when: time?.description)
    }
}

/// A slot that held nothing, ever or then.
struct NothingThere: ExplainedError, Hashable {
    let slot: Slot
    let when: String?
    var doing: String { "audit" }
    var subject: String { slot.description }
    var reason: String { when.map { "it held nothing at \($0)" } ?? "nothing was ever promoted there" }
    var exit: ExitCode { .notFound }
}
