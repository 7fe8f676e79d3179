import ArgumentParser
import BakeModel
import BakePipeline
import GitRepository
import Glibc
import LayerBuild
import LinuxSystem
import RootFilesystem
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

    /// Whether the commit is in a repository that a URL names, which is read through a mirror in the store.
    var isElsewhere: Bool { target.map(RemoteURL.isAddress) ?? false }

    /// Reads everything that the bake needs from the commit.
    /// - Parameter store: has the mirror of a URL; nil where there is no store, and so no mirror.
    /// - Throws: `DirtyTree` where HEAD would not say what the work tree holds, and neither a commit nor a draft was asked for.
    func inputs(_ session: CommandSession, _ store: BakeStore?, isDraft: Bool) throws -> BakeInputs {
        let inputs = try found(session, store, isDraft: isDraft)
        if let spec = inputs.spec { session.console.tellWarnings(of: spec) }
        return inputs
    }

    private func found(_ session: CommandSession, _ store: BakeStore?, isDraft: Bool) throws -> BakeInputs {
        if let target, RemoteURL.isAddress(target) {
            // Without a store this tells that there is none.
            let store = try store ?? session.openStore(readOnly: true)
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
        let (source, revision) = try CheckoutSource.parse(target)
        return try session.checkout(source, revision: commit ?? revision, store)
    }
}

extension CommandSession {
    /// The commit of a generation: from the repository of this directory where that has it, else from the recorded source.
    func checkout(of record: GenerationRecord, _ store: BakeStore) throws -> Checkout {
        let revision = record.commit.id.hex
        if let here = try? Checkout.local(directory, revision: revision, program: program),
            RepositoryIdentity(here.source) == RepositoryIdentity(record.source)
        {
            return here
        }
        do { return try checkout(try CheckoutSource.parse(record.source).source, revision: revision, store) } catch {
            guard let kept = keptCheckout(of: record, store) else { throw error }
            return kept
        }
    }

    /// The commit as the store keeps it; nil where it does not.
    private func keptCheckout(of record: GenerationRecord, _ store: BakeStore) -> Checkout? {
        // Of the commits behind a kept one the store has no files.
        guard store.commits.holds(record.commit.id, group: record.id.pipeline.text) else { return nil }
        return try? Checkout.local(store.commits.path, revision: record.commit.id.hex, program: program)
    }

    /// The commit of a bake, where the repository of this directory is the recorded one and has it; else nil.
    func checkoutAtHand(of record: BuildRecord) -> Checkout? {
        let here = try? Checkout.local(directory, revision: record.commit.id.hex, program: program)
        return here.flatMap { $0.source == record.source ? $0 : nil }
    }

    /// The commit of a generation where it can be had without network: from the recorded repository, the store's mirror of
    /// it, or the repository of this directory; else nil.
    func checkoutAtHand(of record: GenerationRecord, _ store: BakeStore) -> Checkout? {
        let revision = record.commit.id.hex
        // Whether a place is there is seen without a helper; whether this directory is one's clone is not.
        if let place = recordedPlace(of: record, store), DurableFile.exists(place),
            let there = try? Checkout.local(place, revision: revision, program: program)
        {
            return there
        }
        if let here = try? Checkout.local(directory, revision: revision, program: program),
            RepositoryIdentity(here.source) == RepositoryIdentity(record.source)
        {
            return here
        }
        return keptCheckout(of: record, store)
    }

    /// Where a generation's repository lies on this machine, if it does.
    private func recordedPlace(of record: GenerationRecord, _ store: BakeStore) -> String? {
        switch try? CheckoutSource.parse(record.source).source {
        case .local(let path)?: absolute(path)
        case .remote(let url)?: GitMirror(of: url, in: store.blobs.mirrors).path
        case nil: nil
        }
    }

    /// A commit of a repository, here or elsewhere.
    func checkout(_ source: CheckoutSource, revision: String?, _ store: BakeStore) throws -> Checkout {
        switch source {
        case .local(let path):
            return try Checkout.local(absolute(path), revision: revision, program: program)
        case .remote(let url):
            return try Checkout.remote(
                url, revision: revision, mirrors: store.blobs.mirrors, program: program, options: fetchOptions)
        }
    }

    /// How repositories elsewhere are reached.
    var fetchOptions: FetchOptions {
        var options = FetchOptions()
        options.agentSocket = environment["SSH_AUTH_SOCK"].nonEmpty
        if let home = environment["HOME"].nonEmpty { options.knownHosts.append("\(home)/.ssh/known_hosts") }
        if let file = environment["SSL_CERT_FILE"].nonEmpty { options.certificates = file }
        return options
    }

    /// How this machine bakes.
    /// - Parameter isCancelled: whether a signal asked for the end.
    func bakeRequest(
        jobs: Int?, isDraft: Bool, secrets: [String: SandboxSecret] = [:],
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> BakeRequest {
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        try Self.confirm(jobs: jobs)
        let machine = DebianMachine(proxies: DebianMachine.proxies(in: environment))
        let actor = try actor()
        return BakeRequest(
            architecture: Self.architecture, machine: machine, imports: importAccess(), actor: actor, clock: { now() },
            ticks: { Self.ticks() }, jobs: jobs ?? processors, isDraft: isDraft,
            isCancelled: isCancelled, secrets: secrets,
            builder: ["bake": BakeVersion.text, "machine": actor.machine])
    }

    /// - Throws: `UsageError` where nothing could run.
    static func confirm(jobs: Int?) throws(UsageError) {
        if let jobs, jobs < 1 { throw UsageError(subject: "--jobs \(jobs)", reason: "at least one stage must run") }
    }

    #if arch(x86_64)
    static let architecture = "amd64"
    #else
    static let architecture = "arm64"
    #endif
}
