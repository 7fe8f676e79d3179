import ArgumentParser
import BakeModel
import BakePipeline

/// Packages on top of another pipeline's image, without a repository: `--from base:production --install app.deb --name app`.
struct OneOffOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Without a pipeline file: the image to start from, base:production.", valueName: "image"))
    var from: String?

    @Option(
        help: ArgumentHelp("What to install on it: a .deb file or a package's name; repeated.", valueName: "package"))
    var install: [String] = []

    @Option(help: ArgumentHelp("The name under which its generations are counted.", valueName: "pipeline"))
    var name: String?

    /// The pipeline that the words describe; nil where none of them is there.
    func pipeline(_ session: CommandSession) throws -> OneOffPipeline? {
        guard from != nil || name != nil || !install.isEmpty else { return nil }
        guard let from, let name, !install.isEmpty else {
            throw UsageError(
                subject: "--from, --install, --name", reason: "they go together",
                hint: "bake build --from base:production --install app.deb --name app")
        }
        guard let pipeline = PipelineName(name) else {
            throw UsageError(subject: "--name \(name)", reason: "it is no pipeline's name")
        }
        let files = install.filter { $0.hasSuffix(".deb") }
        try confirmNames(of: files)
        return OneOffPipeline(
            name: pipeline, base: try base(from), packages: install.filter { !$0.hasSuffix(".deb") },
            files: files.map(session.absolute))
    }

    /// - Throws: `UsageError` where a pipeline is described: its lock and its commit are made by the bake itself.
    func confirmNotPlanned() throws {
        guard from == nil, name == nil, install.isEmpty else {
            throw UsageError(subject: "--from with --dry-run", reason: "its lock and its commit are made by the bake")
        }
    }

    private func base(_ text: String) throws -> GenerationSource {
        if let slot = Slot(text) { return .slot(slot) }
        if let id = GenerationID(text), !id.isDraft { return .numbered(id) }
        throw UsageError(
            subject: "--from \(text)", reason: "it names no image of a pipeline",
            hint: "NAME:ENVIRONMENT or NAME@NUMBER, as in base:production and base@17")
    }

    private func confirmNames(of files: [String]) throws {
        var seen: Set<Substring> = []
        for file in files {
            guard let last = file.split(separator: "/").last, seen.insert(last).inserted else {
                throw UsageError(subject: "--install \(file)", reason: "two files have that name")
            }
        }
    }
}
