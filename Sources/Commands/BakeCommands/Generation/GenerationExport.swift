import ArgumentParser
import BakeModel
import BakePipeline
import Glibc
import ImageAssembly
import LinuxSystem

/// `bake export`: an image's root as one archive, or one path of it.
struct GenerationExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write an image's flattened root, or a path of it, as a tar.gz.",
        discussion: """
            bake export web@1 -o web.tar.gz
            bake export book@3:/book -o book.tar.gz
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42 or web@42:/etc.", valueName: "reference"))
    var reference: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write, or - for standard output.", valueName: "file"))
    var output: String

    func run() throws {
        let session = CommandSession(global)
        let (layer, content) = try session.withImages { store in
            let found = try session.resolver(store).resolve(reference)
            let image = try store.image(found)
            return try store.workshop.export(image.layers, subtree: found.path ?? .root)
        }
        if output == "-" { return try copy(content, to: Descriptor(owning: dup(1))) }
        let path = session.absolute(output)
        let temporary = "\(path).\(getpid()).tmp"
        do {
            let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
            try copy(content, to: file)
            try file.synchronize()
            try SystemError.check("rename", temporary) { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw error
        }
        session.console.result("\(TerminalText.escaped(output))  \(layer.blob)  \(Wording.size(layer.size))")
    }

    private func copy(_ source: Descriptor, to target: Descriptor) throws {
        try source.readPieces(of: 1 << 20) { piece in
            try target.write(piece)
        }
    }
}
