import ArgumentParser
import BakeModel
import BakePipeline
import Glibc

/// `bake output`: what the programs of a bake printed.
struct PipelineOutput: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "output", abstract: "Print what the stages of a bake printed, passed or failed.",
        discussion: """
            bake output 812 site
            bake output web@42
            The output of a cached stage is that of the bake that made its result; the spec's is its verdict. Of more than
            16 MiB a stage the beginning and the end are kept.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(
        help: ArgumentHelp(
            "The number that 'bake log --builds' shows, or the generation that the bake made.", valueName: "build"))
    var build: String
    @Argument(help: ArgumentHelp("One stage; all of them, each line behind its stage's name.", valueName: "stage"))
    var stage: String?

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let finder = BuildFinder(store: store, resolver: try session.resolver(store))
        let bake = try finder.find(build)
        let output = BuildOutput(store: store, finder: finder)
        let names = try stage.map { [try bake.stage($0).name] } ?? bake.record.stages.map(\.name)
        let texts = try names.map { try output.text(of: $0, in: bake) }
        if session.options.json { return session.console.document(Self.json(bake, texts)) }
        for text in texts { tell(text, of: bake, session) }
    }

    private func tell(_ text: BuildOutput.Text, of bake: RecordedBake, _ session: CommandSession) {
        if text.bake.number != bake.number, text.bytes != nil || stage != nil {
            session.console.note("\(text.stage.name) was cached: this is of \(text.bake.title)")
        }
        guard let bytes = text.bytes else {
            if stage != nil { session.console.note("\(text.stage.name) \(text.stage.state), and printed nothing") }
            return
        }
        // To a file or a program it goes as it came; a terminal must not be steered by it.
        if stage != nil, isatty(1) == 0 { return session.console.bytes(bytes) }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines.last == "" ? lines.dropLast() : lines {
            let front = stage == nil ? "\(text.stage.name) | " : ""
            session.console.result(front + TerminalText.escaped(String(line)))
        }
    }

    private static func json(_ bake: RecordedBake, _ texts: [BuildOutput.Text]) -> JSON {
        [
            "schema": "bake/output/1", "pipeline": .string(bake.record.pipeline.text), "build": .number(bake.number),
            "stages": .array(
                texts.map { text in
                    [
                        "name": .string(text.stage.name), "state": .string(text.stage.state),
                        "build": .number(text.bake.number),
                        "text": text.bytes.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null,
                    ]
                }),
        ]
    }
}
