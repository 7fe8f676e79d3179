import ArgumentParser
import BakeModel
import BakePipeline
import Glibc
import ImageAssembly
import LinuxSystem
import RootFilesystem

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
        guard let output, output != "-" else {
            return try proved(session).content.readPieces(of: 1 << 20) { try session.console.piece($0) }
        }
        if session.options.isDryRun {
            _ = try proved(session)
            return session.console.note("dry run: nothing written")
        }
        let part = try write(to: session.absolute(output), session)
        session.console.result("\(TerminalText.escaped(output))  \(part.digest)  \(Wording.size(part.size))")
    }

    /// A file has its name only when all of it is there and proved, so it is written where it belongs; what goes elsewhere
    /// is proved before the first byte of it.
    private func write(to path: String, _ session: CommandSession) throws -> ExportedPart {
        if OutputFile.isWrittenInto(path) {
            let (part, content) = try proved(session)
            try OutputFile.write(path) { file in try content.readPieces(of: 1 << 20) { try file.write($0) } }
            return part
        }
        return try OutputFile.write(path) { file in
            let part = try session.withImages { store in
                let (layers, subtree) = try find(store, session)
                return try store.workshop.export(layers, subtree: subtree, to: file)
            }
            if part.isExecutable { try file.letReadersRun() }
            return part
        }
    }

    private func proved(_ session: CommandSession) throws -> (part: ExportedPart, content: Descriptor) {
        try session.withImages { store in
            let (layers, subtree) = try find(store, session)
            return try store.workshop.export(layers, subtree: subtree)
        }
    }

    private func find(_ store: BakeStore, _ session: CommandSession) throws -> ([Layer], subtree: TreePath) {
        let found = try session.resolver(store).resolve(reference)
        return (try store.image(found).layers, found.path ?? .root)
    }
}
