import ArgumentParser
import BakeModel
import BakePipeline
import Glibc
import LinuxSystem

/// `bake init`: a store, a first pipeline where there is none, and its lock.
struct PipelineInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "init",
        abstract: "Make the store, a first pipeline file where there is none, and its lock.")

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "Share the store with this group: its members may write, whatever their umask. Others may read, unless your umask denies it.",
            valueName: "group"))
    var group: String?

    func run() throws {
        let session = CommandSession(global)
        if session.options.isDryRun { return try tellPlan(session) }
        let store = try session.createStore(group: try group.map(Self.group))
        let shared = store.blobs.sharing == .none ? nil : store.blobs.group.map { "  group \($0.name)" }
        session.console.note("store     \(TerminalText.escaped(store.blobs.path))\(shared ?? "")")
        guard let top = try? WorkTreePipeline.top(of: session.directory, program: session.program) else {
            session.console.note(
                "no git repository here: 'git init' first, then 'bake init' again for a first pipeline")
            return
        }
        if try !WorkTreePipeline.hasPipeline(in: top) { try writeFirstPipeline(top, session) }
        let pipelines = try LockWriter(session: session).writeEach()
        let bakes = pipelines.isEmpty ? "bake" : pipelines.map { "bake build \($0)" }.joined(separator: ", ")
        session.console.note("next:     git add . && git commit, then: \(bakes)")
    }

    /// What would be made; nothing is.
    private func tellPlan(_ session: CommandSession) throws {
        let place = TerminalText.escaped(session.storePath)
        session.console.note(
            session.hasStore ? "dry run: the store \(place) is there" : "dry run: would make the store \(place)")
        _ = try group.map(Self.group)
        guard let top = try? WorkTreePipeline.top(of: session.directory, program: session.program) else {
            return session.console.note("no git repository here: it would make no pipeline")
        }
        if try WorkTreePipeline.hasPipeline(in: top) {
            return session.console.note("dry run: would lock what is here: bake lock --dry-run shows it")
        }
        let files = FirstPipeline.files(named: FirstPipeline.name(from: top)).map(\.path)
        session.console.note("dry run: would write \(files.joined(separator: ", ")), and lock its packages")
    }

    private static func group(_ text: String) throws -> UserGroup {
        if let group = UserGroup(named: text) { return group }
        throw UsageError(subject: "--group \(text)", reason: "this machine has no such group", hint: "groupadd \(text)")
    }

    private func writeFirstPipeline(_ top: String, _ session: CommandSession) throws {
        let name = FirstPipeline.name(from: top)
        for (path, text) in FirstPipeline.files(named: name) {
            let file = try Descriptor.open("\(top)/\(path)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
            try file.write(Array(text.utf8))
            session.console.note("wrote     \(path)")
        }
    }
}

/// What `bake init` writes into a repository without a pipeline: small, and it passes as it stands.
enum FirstPipeline {
    /// The directory's name where it is a name by grammar, else `app`.
    static func name(from top: String) -> String {
        let last = top.split(separator: "/").last.map { $0.lowercased() } ?? ""
        return PipelineName(last)?.text ?? "app"
    }

    static func files(named name: String) -> [(path: String, text: String)] {
        [
            (
                "bake.yaml",
                """
                name: \(name)
                stages:
                  os:
                    debian: bookworm
                    packages: [ca-certificates]     # pinned by hash in \(name).lock
                  app:
                    from: os
                    add:
                      /srv/app/: "**"
                    config: { cmd: [sh, -c, "ls /srv/app"] }
                image: app
                spec: goss.yaml

                """
            ),
            (
                "goss.yaml",
                """
                file:
                  /srv/app/bake.yaml: { exists: true, mode: "0644" }
                package:
                  ca-certificates: { installed: true }

                """
            ),
        ]
    }
}
