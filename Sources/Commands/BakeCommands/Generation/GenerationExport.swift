import ArgumentParser
import BakeModel
import BakePipeline
import Glibc
import ImageAssembly
import LinuxSystem

/// `bake export`: a file of an image, or a directory of its root as one archive.
struct GenerationExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "export",
        abstract: "Write a file of an image, or its flattened root or a directory as a tar.gz.",
        discussion: """
            bake export book@3:/book.pdf > book.pdf
            bake export web@1 -o web.tar.gz
            bake export web@1:/etc/nginx -o nginx.tar.gz
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42 or web@42:/etc.", valueName: "reference"))
    var reference: String
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; standard output where absent, or -.", valueName: "file"))
    var output: String?

    func run() throws {
        let session = CommandSession(global)
        if output == nil, isatty(1) == 1 {
            throw UsageError(
                subject: "export", reason: "standard output is a terminal",
                hint: "-o FILE, or > FILE; -o - writes to it")
        }
        let (part, content) = try session.withImages { store in
            let found = try session.resolver(store).resolve(reference)
            let image = try store.image(found)
            return try store.workshop.export(image.layers, subtree: found.path ?? .root)
        }
        guard let output, output != "-" else {
            return try content.readPieces(of: 1 << 20) { try session.console.piece($0) }
        }
        if session.options.isDryRun { return session.console.note("dry run: nothing written") }
        try OutputFile.write(session.absolute(output), mode: part.isExecutable ? 0o755 : 0o644) { file in
            try content.readPieces(of: 1 << 20) { try file.write($0) }
        }
        session.console.result("\(TerminalText.escaped(output))  \(part.digest)  \(Wording.size(part.size))")
    }
}
