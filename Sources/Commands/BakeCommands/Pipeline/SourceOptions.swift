import ArgumentParser
import BakeModel
import BakePipeline
import Foundation
import GitRepository
import LayerBuild
import SourceCheckout
import TarArchive

/// Which commit of which repository, and which pipeline in it.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The pipeline: its name, its file, or a repository's URL#REV; the only one here.", valueName: "pipeline"))
    var target: String?

    @Option(help: ArgumentHelp("The commit to bake instead of HEAD.", valueName: "rev"))
    var commit: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Set an argument of the pipeline.", valueName: "name=value"))
    var settings: [NamedValue] = []

    /// Reads everything that the bake needs from the commit.
    /// - Throws: `DirtyTree` where HEAD would not say what the work tree holds, and neither a commit nor a draft was asked for.
    func inputs(_ session: CommandSession, _ store: BakeStore, isDraft: Bool) throws -> BakeInputs {
        if let target, RemoteURL.isAddress(target) {
            return try BakeInputs(try remote(target, session, store), choice: nil, settings: values)
        }
        if isDraft, commit != nil {
            throw UsageError(subject: "--draft with --commit", reason: "a draft is of the work tree, not of a commit")
        }
        let checkout = try Checkout.local(session.directory, revision: commit, program: session.program)
        if isDraft { return try BakeInputs(try checkout.draft(), choice: target, settings: values) }
        let inputs = try BakeInputs(checkout, choice: target, settings: values)
        if commit == nil {
            let dirty = try checkout.dirtyPaths(readBy: inputs.reads)
            guard dirty.isEmpty else { throw DirtyTree(top: checkout.facts.top, paths: dirty) }
        }
        return inputs
    }

    /// A later value wins over an earlier one of the same name.
    private var values: [String: String] {
        Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    private func remote(_ target: String, _ session: CommandSession, _ store: BakeStore) throws -> Checkout {
        var options = FetchOptions()
        options.agentSocket = session.environment["SSH_AUTH_SOCK"].nonEmpty
        if let home = session.environment["HOME"].nonEmpty { options.knownHosts.append("\(home)/.ssh/known_hosts") }
        if let file = session.environment["SSL_CERT_FILE"].nonEmpty { options.certificates = file }
        let (source, revision) = try CheckoutSource.parse(target)
        guard case .remote(let url) = source else {
            return try Checkout.local(session.directory, revision: commit, program: session.program)
        }
        return try Checkout.remote(
            url, revision: commit ?? revision, mirrors: store.blobs.mirrors, program: session.program, options: options)
    }
}

extension CommandSession {
    /// How this machine bakes.
    /// - Parameter isCancelled: whether a signal asked for the end.
    func bakeRequest(
        jobs: Int?, isDraft: Bool, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> BakeRequest {
        let processors = ProcessInfo.processInfo.activeProcessorCount
        if let jobs, jobs < 1 { throw UsageError(subject: "--jobs \(jobs)", reason: "at least one stage must run") }
        let machine = DebianMachine(proxies: DebianMachine.proxies(in: environment))
        let actor = try actor()
        return BakeRequest(
            architecture: Self.architecture, machine: machine, actor: actor, clock: { now() },
            ticks: { Self.ticks() }, jobs: jobs ?? processors, deadline: 3600, isDraft: isDraft,
            isCancelled: isCancelled,
            builder: [
                "bake": BakeVersion.text, "encoder": Compression.fast.encoder.description, "machine": actor.machine,
            ])
    }

    #if arch(x86_64)
    private static let architecture = "amd64"
    #else
    private static let architecture = "arm64"
    #endif
}
