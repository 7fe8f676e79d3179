import ArgumentParser
import BakeModel
import BakePipeline
import BlobStorage
import LinuxSystem
import Signing
import SpecRun

/// `bake test`: an image, or a directory that is a root, against a spec, now.
struct GenerationTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "test",
        abstract: "Check an image against a spec, at any later time; the verdict is recorded.",
        discussion: """
            bake test web@42                           the spec that it was baked with
            bake test web:production goss.yaml         another one; several are one spec
            bake test web@42 structure.yaml            container-structure-test's files run unchanged; what their envVars,
                                                       envFile and bindMounts name of this machine is lent to the image
            bake test web@42 --serverspec spec/        Serverspec's too (Debian packages ruby-serverspec, ruby-rspec)
            bake test web@42 together.yaml             a file with boot: starts images side by side
            bake test --root / goss.yaml               this machine; nothing is recorded
            A check that changes its verdict in --repeat is flaky, which is a failure. Formats: \(formats).
            A failure ends with 1. With --format nagios the codes are a plugin's: 2 CRITICAL, and 3 UNKNOWN without a verdict.
            Where anything is asked of the running image, its commands run beside its process, as docker exec runs them:
            what they change stays for those after them. Otherwise nothing is started, and each has a root of its own.
            A command that writes more than 16 MiB on a stream is an error: cut it down, as with head or grep.
            Serverspec's commands run as root, as on a host by sudo; the image's process beside them as the image's user.
            A goss file's .Env is the environment of the image's programs, as under dgoss, and this command's where that says
            nothing; with --root this command's alone.
            The verdict is recorded with the image. A spec that fails closes every environment that counts on tests, and is
            told wherever the image stands, until that same spec passes; try a new one with --dry-run, which records nothing.
            With a key the verdict is signed: an environment with require: [provenance] takes no other pass.
            """)

    private static let formats = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42; then spec files.", valueName: "reference> <spec"))
    var words: [String] = []
    @Option(
        help: ArgumentHelp("Test a directory that is a root instead of an image; / is this machine.", valueName: "dir"))
    var root: String?
    @Option(help: ArgumentHelp("A Serverspec suite: a directory of *_spec.rb, or one such file.", valueName: "dir"))
    var serverspec: String?
    @Option(help: ArgumentHelp("Make every check so often.", valueName: "count"))
    var `repeat` = 1
    @Option(help: ArgumentHelp("Print the verdict in this format instead.", valueName: "format"))
    var format: String?
    @OptionGroup var reading: SpecOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions
    @Option(help: ArgumentHelp("Write the report as JUnit XML.", valueName: "file"))
    var junit: String?
    @Option(help: ArgumentHelp("Write the report as one HTML file.", valueName: "file"))
    var html: String?

    func validate() throws {
        if !(1...100).contains(`repeat`) { throw ValidationError("--repeat is a number from 1 to 100") }
        if root?.isEmpty == true { throw ValidationError("--root is empty; / is this machine") }
        if format != nil, global.json { throw ValidationError("--format and --json are two forms of one output") }
        if root == nil, words.isEmpty { throw ValidationError("name what to test: bake test web@42, or --root DIR") }
        if root != nil, evidenceKey.key != nil {
            throw ValidationError("--key signs what is recorded, and nothing is of a directory")
        }
        if root != nil, words.isEmpty { throw ValidationError("name the spec: bake test --root DIR goss.yaml") }
        if serverspec != nil, root != nil || words.count > 1 {
            throw ValidationError("--serverspec goes with an image, and with no other spec")
        }
        if let format, ReportFormat(rawValue: format) == nil {
            let hint = Spelling.suggestion(for: format, in: ReportFormat.allCases.map(\.rawValue))
            throw ValidationError("there is no format \"\(format)\"; \(hint ?? "the formats are \(Self.formats)")")
        }
    }

    func run() throws {
        let session = CommandSession(global)
        let start = session.now()
        let interruption = Interruption {}
        do {
            try run(session, from: start, interruption)
        } catch  where interruption.isSignalled {
            interruption.unwound()
            if root == nil { session.sweep() }
            session.console.complain("interrupted: there is no verdict")
            throw SilentExit(code: .interrupted)
        }
    }

    private func run(
        _ session: CommandSession, from start: Timestamp, _ interruption: Interruption
    ) throws {
        let found = try outcome(session, from: start, interruption)
        let verdict = found.verdict
        var report = TestReport(
            verdict: verdict, record: found.record, entry: found.entry, time: start, format: reportFormat)
        if !verdict.isPass, let record = found.record, found.entry != nil {
            let store = try session.openStore(readOnly: true)
            report.consequence = try store.promotion.consequence(ofFailing: record.spec)
            report.standing = try store.standing(of: record.image)
            report.command = command
        }
        // What was found is told even where it can be neither recorded nor written any more.
        report.tell(session)
        if let junit { try write(.junit, to: junit, report, session) }
        if let html { try write(.html, to: html, report, session) }
        if let failure = found.failure { throw failure }
        if !verdict.isPass { throw SilentExit(code: report.format?.failure ?? .failed) }
    }

    private var reportFormat: ReportFormat? { format.flatMap { ReportFormat(rawValue: $0) } }

    /// The command that tests the same again.
    private var command: String {
        (["bake test"] + words + (serverspec.map { ["--serverspec", $0] } ?? [])).joined(separator: " ")
    }

    /// What a test came to.
    private struct Outcome {
        let verdict: Verdict
        /// What it is bound to; nil for a directory.
        var record: VerdictRecord?
        /// The entry that says so.
        var entry: Int64?
        /// Why there is none.
        var failure: (any Error)?
    }

    /// The verdict and its record; where there is none the reports say why, and are not those of the run before.
    private func outcome(
        _ session: CommandSession, from start: Timestamp, _ interruption: Interruption
    ) throws -> Outcome {
        do {
            try ReportPlaces.confirm(["--junit": junit.map(session.absolute), "--html": html.map(session.absolute)])
            return try judge(session, from: start, interruption)
        } catch {
            let reason = interruption.isSignalled ? "it was interrupted" : CommandFailure.sentence(error)
            let check = Verdict.Check(
                resource: "bake", id: "test", property: "verdict", outcome: .error(reason), milliseconds: 0)
            let report = TestReport(
                verdict: Verdict(checks: [check]), record: nil, entry: nil, time: start, format: nil)
            let text = JUnitReport(failedStage: "test", reason: reason, at: start).text
            if let junit { try? OutputFile.write(session.absolute(junit), text.utf8) }
            if let html { try? write(.html, to: html, report, session) }
            throw interruption.isSignalled ? error : told(error, session)
        }
    }

    /// The same error, or where the format has words for it the end after they were said.
    private func told(_ error: any Error, _ session: CommandSession) -> any Error {
        guard let explained = error as? any ExplainedError,
            let line = reportFormat?.line(withoutVerdict: CommandFailure.line(error))
        else { return error }
        session.console.result(TerminalText.escaped(line.text))
        CommandFailure.lines(explained).forEach(session.console.complain)
        return SilentExit(code: line.exit)
    }

    /// The verdict, with what it is bound to where that is an image, and the entry that says so.
    /// - Throws: why there is no verdict.
    private func judge(
        _ session: CommandSession, from start: Timestamp, _ interruption: Interruption
    ) throws -> Outcome {
        if let root {
            let spec = try read(words, session, for: nil)
            // What runs on a machine is judged as it is now, unless a wait is asked for.
            let patience = reading.patience(orElse: .none)
            let test = DirectoryTest(session: session, interruption: interruption)
            return Outcome(verdict: try test.verdict(of: spec, in: root, runs: `repeat`, patience: patience))
        }
        let key = try evidenceKey.key(session)
        return try session.withRecordedImages(interruption) { store in
            let test = ImageTest(try session.resolver(store).resolve(words[0]), in: store)
            let files = Array(words.dropFirst())
            let spec = files.isEmpty ? nil : try read(files, session, for: test)
            let record = try record(of: test, spec, session, store, from: start, interruption)
            var outcome = Outcome(verdict: record.verdict, record: record)
            do {
                outcome.entry = try file(record, of: test.subject.generation, signedWith: key, store, session)
            } catch { outcome.failure = error }
            return outcome
        }
    }

    private func record(
        of test: ImageTest, _ spec: Spec?, _ session: CommandSession, _ store: BakeStore, from start: Timestamp,
        _ interruption: Interruption
    ) throws -> VerdictRecord {
        if let serverspec { return try record(of: test, serverspec, session, start) }
        let spec = try spec ?? test.keptSpec()
        if try test.startsNothing(for: spec) {
            session.console.note(
                "the image's process was not started: nothing asks for it; with port:, process: or http: in the spec it "
                    + "is, and commands run beside it")
        }
        let verdict = try test.verdict(
            of: spec, with: try surroundings(of: spec, test, session, store, interruption), runs: `repeat`,
            patience: reading.patience(orElse: .standard))
        return try record(verdict, test, spec.digest, spec.name, session, start)
    }

    /// The stages of its commands come out of the cache where the generation's commit is at hand, or are built again.
    private func surroundings(
        of spec: Spec, _ test: ImageTest, _ session: CommandSession, _ store: BakeStore,
        _ interruption: Interruption
    ) throws -> SpecSurroundings {
        let stages: TestedStages
        if spec.stages.isEmpty {
            stages = .none(of: [], because: "")
        } else if let record = test.subject.generation, let checkout = session.checkoutAtHand(of: record, store) {
            let request = try session.bakeRequest(jobs: nil, isDraft: true) { interruption.isSignalled }
            let report = BuildReport(session: session, junit: nil, result: nil)
            stages = try TestedStages(
                spec.stages, of: record, checkout, in: store, for: request, observe: report.observe)
        } else {
            stages = .none(of: spec.stages, because: "the commit that it was made from is not at hand")
        }
        return try test.surroundings(of: spec, stages: stages, clock: session.localClock)
    }

    private func record(
        of test: ImageTest, _ path: String, _ session: CommandSession, _ start: Timestamp
    ) throws -> VerdictRecord {
        let suite = try ServerspecSuite(
            at: session.absolute(path), called: path, temporary: session.environment["TMPDIR"].nonEmpty ?? "/tmp")
        let verdict = try test.verdict(of: suite, runs: `repeat`)
        return try record(verdict, test, suite.digest, suite.name, session, start)
    }

    private func record(
        _ verdict: Verdict, _ test: ImageTest, _ spec: Digest, _ name: String, _ session: CommandSession,
        _ start: Timestamp
    ) throws -> VerdictRecord {
        VerdictRecord(
            verdict, image: test.subject.image, spec: spec, name: name,
            tool: ["bake": BakeVersion.text, "machine": try session.actor().machine],
            time: (start, session.now()), runs: `repeat`)
    }

    private func read(_ paths: [String], _ session: CommandSession, for image: ImageTest?) throws -> Spec {
        let context = try reading.context(session, for: image)
        return Spec(
            try paths.flatMap { path in
                let bytes = try MissingSpec.orBytes(of: .spec, path, session)
                let spec = try Spec(parsing: String(decoding: bytes, as: UTF8.self), name: path, with: context)
                session.console.tellWarnings(of: spec)
                return spec.parts
            })
    }

    /// Whoever may only read the store tests all the same; the verdict is theirs alone.
    private func file(
        _ record: VerdictRecord, of generation: GenerationRecord?, signedWith key: SigningKey?, _ store: BakeStore,
        _ session: CommandSession
    ) throws -> Int64? {
        if session.options.isDryRun { return nil }
        guard store.blobs.isWritable else {
            session.console.note("not recorded: this user may only read the store")
            return nil
        }
        return try store.record(
            record, of: generation, signedWith: key, by: try session.actor(), clock: session.now())
    }

    private func write(
        _ format: ReportFormat, to path: String, _ report: TestReport, _ session: CommandSession
    ) throws {
        try OutputFile.write(session.absolute(path), report.text(format).utf8)
    }
}
