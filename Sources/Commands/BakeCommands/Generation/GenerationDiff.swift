import ArgumentParser
import BakeModel
import BakePipeline

/// `bake diff`: in what two images differ.
struct GenerationDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "diff",
        abstract: "Compare two images: commits, packages, files, configuration, verdict, size.",
        discussion: """
            bake diff web@41 web@42            bake diff production staging
            bake diff web@42                   with the generation before it
            bake diff web@41 web@42:/etc       one path of it
            bake diff /path/to/root web@3      a directory, whose path begins with / or .
            Exit 0 whether or not they differ; with --exit-code 1 where they do.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The older image, or a directory.", valueName: "from"))
    var first: String
    @Argument(help: ArgumentHelp("The newer image, or a directory.", valueName: "to"))
    var second: String?

    @Flag(help: "Name the files that differ without their lines.")
    var stat = false
    @Flag(help: "Print Markdown, for a merge request.")
    var markdown = false
    @Flag(help: "Exit 1 where they differ.")
    var exitCode = false

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let (old, new, path) = try sides(session, store)
        let difference = try GenerationDifference(
            from: old, to: new, below: path, withText: !stat, checkout: { session.checkoutAtHand(of: $0, store) })
        tell(difference, session)
        if exitCode && difference.isDifferent { throw SilentExit(code: .failed) }
    }

    private func tell(_ difference: GenerationDifference, _ session: CommandSession) {
        if session.options.json {
            return session.console.document(DifferenceDocument(difference: difference).json)
        }
        let report = DifferenceReport(difference: difference, hasLines: !stat)
        let lines = session.options.quiet ? [report.headline] : markdown ? report.markdown : report.lines
        lines.forEach(session.console.result)
    }

    private func sides(
        _ session: CommandSession, _ store: BakeStore
    ) throws -> (ComparisonSide, ComparisonSide, TreePath) {
        guard let second else {
            let (new, path) = try side(first, session, store)
            guard let record = new.record else {
                throw UsageError(subject: first, reason: "it is no generation, so none comes before it")
            }
            return (try side(Self.before(record), session, store).0, new, path ?? .root)
        }
        let (old, oldPath) = try side(first, session, store)
        let (new, newPath) = try side(second, session, store)
        if let oldPath, let newPath, oldPath != newPath {
            throw UsageError(subject: "\(first) \(second)", reason: "the two paths differ", hint: "name one path")
        }
        return (old, new, newPath ?? oldPath ?? .root)
    }

    private func side(
        _ text: String, _ session: CommandSession, _ store: BakeStore
    ) throws -> (ComparisonSide, TreePath?) {
        if text.hasPrefix("/") || text.hasPrefix(".") {
            return (ComparisonSide(directory: session.absolute(text)), nil)
        }
        let found = try session.resolver(store).resolve(text)
        return (try ComparisonSide(found, in: store), found.path)
    }

    private static func before(_ record: GenerationRecord) throws -> String {
        guard record.id.number != .first else {
            throw UsageError(
                subject: record.id.description, reason: "no generation comes before it",
                hint: "bake diff FROM \(record.id)")
        }
        return "\(record.id.pipeline)@\(record.id.number.value - 1)"
    }
}
