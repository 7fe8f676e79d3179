import ArgumentParser
import BakeModel
import BakePipeline
import LayerBuild

/// `bake lock`: pins what the world moves, in a file beside the pipeline's.
struct PipelineLock: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "lock",
        abstract: "Pin packages and imported roots by hash, in a file beside the pipeline's.",
        discussion: """
            What is pinned stays, as long as an archive or the store has it and the pipeline's changes allow.
              bake lock                        pin what is asked for now
              bake lock --update               move everything to what there is now, and run every 'fetch' again
              bake lock --update openssl curl  move these, and what their new versions need
              bake lock --check                write nothing; exit 1 where the lock would change
            """)

    @OptionGroup var global: GlobalOptions

    @OptionGroup var secrets: SecretOptions

    @Argument(
        help: ArgumentHelp(
            "The pipeline, by name or file (every one here), then with --update the packages to move.",
            valueName: "pipeline"))
    var words: [String] = []

    @Flag(help: "Move pinned versions to what there is now: all, or those of the packages that are named.")
    var update = false

    @Flag(help: "Write nothing, and exit 1 where the lock would change.")
    var check = false

    func run() throws {
        let session = CommandSession(global)
        let (choice, names) = try chosen(session)
        let moved: LockUpdate = names.isEmpty ? .everything : .packages(Set(names))
        let writer = LockWriter(session: session, secrets: try secrets.read(session), isCheck: check)
        let moves = update ? moved : .nothing
        if let choice { try writer.write(choice: choice, update: moves) } else { try writer.writeEach(update: moves) }
    }

    /// The first word is the pipeline where there is one of that name; every other is a package.
    private func chosen(_ session: CommandSession) throws -> (pipeline: String?, packages: [String]) {
        guard let first = words.first else { return (nil, []) }
        guard update else {
            if words.count == 1 { return (first, []) }
            throw UsageError(
                subject: words.joined(separator: " "), reason: "one pipeline has one lock",
                hint: "to move packages: bake lock \(first) --update \(words.dropFirst().joined(separator: " "))")
        }
        do {
            _ = try WorkTreePipeline(directory: session.directory, choice: first, program: session.program)
            return (first, Array(words.dropFirst()))
        } catch PipelineLocationFault.unknown { return (nil, words) }
    }
}
