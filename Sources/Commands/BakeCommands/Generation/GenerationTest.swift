import ArgumentParser
import BakeModel
import BakePipeline
import Foundation
import ImageAssembly
import LinuxSystem
import SpecRun

/// `bake test`: an image against a spec, now.
struct GenerationTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Check an image against a spec file, at any later time.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42.", valueName: "reference"))
    var reference: String
    @Argument(help: ArgumentHelp("The spec, in goss's vocabulary.", valueName: "spec"))
    var spec: String
    @Option(help: ArgumentHelp("Write the report as JUnit XML.", valueName: "file"))
    var junit: String?

    func run() throws {
        let session = CommandSession(global)
        let bytes = try DurableFile.read(session.absolute(spec), limit: 1 << 20)
        let file = try SpecFile(parsing: String(decoding: bytes, as: UTF8.self), name: spec)
        let verdict = try session.withImages { store in
            let found = try session.resolver(store).resolve(reference)
            let image = try store.image(found)
            return try SpecRunner(store: store.blobs, program: session.program)
                .run(file, layers: image.layers, configuration: image.configuration)
        }
        let report = TerminalReport(verdict)
        if let junit {
            let text = JUnitReport(verdict, at: session.now()).text
            try DurableFile.replace(session.absolute(junit), with: Array(text.utf8))
        }
        if session.options.json {
            session.console.document(verdict.json)
        } else {
            session.console.result(report.summary)
        }
        let lines = session.options.verbose ? report.everything : report.failures
        for line in lines { session.console.complain("  \(TerminalText.escaped(line))") }
        if !verdict.isPass { throw SilentExit(code: .failed) }
    }
}
