import BakeModel
import BakePipeline
import BlobStorage
import EnvironmentPromotion
import Glibc
import LayerBuild
import LinuxSystem

/// What a command works with: who asks, when, and the store. The environment and the clock are read here and nowhere else.
struct CommandSession: Sendable {
    let options: SessionOptions
    let console: Console
    let environment: [String: String]
    /// Where the command was started.
    let directory: String

    /// The options that outlive parsing.
    struct SessionOptions: Sendable {
        let store: String?
        let pipeline: String?
        let json: Bool
        let quiet: Bool
        let verbose: Bool
        let claimed: String?
        let reason: String?
        let isDryRun: Bool
    }

    init(_ global: GlobalOptions) {
        environment = ProgramEnvironment.variables
        directory = Self.workingDirectory
        options = SessionOptions(
            store: global.store, pipeline: global.pipeline, json: global.json, quiet: global.quiet,
            verbose: global.verbose, claimed: global.as, reason: global.reason, isDryRun: global.dryRun)
        console = Console(isQuiet: global.quiet, environment: environment)
    }

    /// The executable that serves as helper: this very one, also when its file was replaced meanwhile.
    var program: HelperProgram { HelperProgram(path: "/proc/self/exe") }

    /// Where the store lies, or would lie.
    var storePath: String {
        if let path = options.store ?? environment["BAKE_STORE"].nonEmpty { return absolute(path) }
        if geteuid() == 0 { return "/var/lib/bake" }
        if let data = environment["XDG_DATA_HOME"].nonEmpty, data.hasPrefix("/") { return "\(data)/bake" }
        return "\(environment["HOME"].nonEmpty ?? "/nonexistent")/.local/share/bake"
    }

    /// Opens the store.
    /// - Parameter readOnly: for commands that only ask, which then also serve those who may not write.
    func openStore(readOnly: Bool = false) throws -> BakeStore {
        guard readOnly || options.isDryRun else {
            return try BakeStore.open(storePath, program: program, onBacklog: tellReading)
        }
        return try BakeStore.openForReading(storePath, program: program, onBacklog: tellReading)
    }

    /// Says what a command is about to do that takes long, where it is much: 100,000 entries take seconds.
    func tellReading(_ entries: Int64) {
        if entries > 100_000 { console.note("reading \(entries) entries of the ledger again: this takes a while") }
    }

    /// Opens the store for a look into images, which needs room for unpacked layers: the store's cache, or for whoever may
    /// not write to it a directory that goes when `act` ends.
    /// - Parameter interruption: what kills helpers until `act` has ended; removing the directory needs one.
    func withImages<Value>(
        unwinding interruption: Interruption? = nil, _ act: (BakeStore) throws -> Value
    ) throws -> Value {
        let store = try openStore(readOnly: true)
        if store.blobs.isWritable { return try act(store) }
        return try withWorkspace(interruption) { workspace in
            try act(try BakeStore.openForReading(storePath, program: program, workspace: workspace))
        }
    }

    /// Makes a directory for unpacked roots and unfinished files, which goes when `act` ends.
    /// - Parameter act: gets its path.
    func withWorkspace<Value>(_ interruption: Interruption?, _ act: (String) throws -> Value) throws -> Value {
        // Not /tmp: an unpacked root is large.
        let workspace = try ReaderWorkspace(in: environment["TMPDIR"].nonEmpty ?? "/var/tmp", program: program)
        defer {
            interruption?.unwound()
            workspace.remove()
        }
        return try workspace.explaining { try act(workspace.path) }
    }

    /// Opens the store once for a look into images and the record of what was found; whoever may only read looks all
    /// the same.
    func withRecordedImages<Value>(
        _ interruption: Interruption, _ act: (BakeStore) throws -> Value
    ) throws -> Value {
        if options.isDryRun { return try withImages(unwinding: interruption, act) }
        let store: BakeStore
        do { store = try openStore() } catch StoreError.notWritable {
            return try withImages(unwinding: interruption, act)
        }
        return try act(store)
    }

    /// Opens the store for reading; nil where there is none yet.
    func openStoreIfThere() throws -> BakeStore? {
        do {
            return try openStore(readOnly: true)
        } catch StoreError.notAStore {
            return nil
        }
    }

    /// Removes what helpers left unfinished that were killed by a signal, in a dry run, too: the next helper sweeps. What
    /// cannot be removed now stays for a later one.
    func sweep() {
        guard let store = try? openStore(), store.blobs.isWritable else { return }
        try? store.workshop.unpack([])
    }

    /// Opens the store for an act that must work with no byte free, and takes the reserve back after it.
    func withUrgentStore<Value>(_ act: (BakeStore) throws -> Value) throws -> Value {
        if options.isDryRun { return try act(try openStore(readOnly: true)) }
        let store = try BakeStore.open(storePath, program: program, isUrgent: true, onBacklog: tellReading)
        defer { store.restoreReserve() }
        return try act(store)
    }

    /// Makes the store where it is missing.
    /// - Parameter group: the group that shares it from now on; nothing changes where nil.
    func createStore(group: UserGroup? = nil) throws -> BakeStore {
        try BakeStore.create(
            at: storePath, identity: Self.identity(), group: group, program: program, by: try actor(), clock: now(),
            onBacklog: tellReading)
    }

    /// Whether a store is there already.
    var hasStore: Bool { StoreProbe(path: storePath).isThere }

    /// Makes the store where it is missing, for work that needs one, and says so: the path may be a mistyped one.
    func ensureStore() throws -> BakeStore {
        let isNew = !hasStore
        let store = try createStore()
        if isNew { console.note("made the store \(TerminalText.escaped(storePath))") }
        return store
    }

    /// What the machine's clock says.
    func now() -> Timestamp { Timestamp(milliseconds: Self.milliseconds(of: CLOCK_REALTIME)) }

    /// The clock and the time zone of whoever asks.
    var localClock: LocalClock {
        LocalClock(now: now()) { time in
            var seconds = time_t(time.seconds)
            var parts = tm()
            // Unlike localtime(3) it need not look for the zone itself.
            tzset()
            return localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff / 60
        }
    }

    /// A time as the asker's clock shows it.
    func local(_ time: Timestamp) -> String { time.text(offsetMinutes: localClock.offsetMinutes(time)) }

    /// Milliseconds that only grow.
    static func ticks() -> Int64 { milliseconds(of: CLOCK_MONOTONIC) }

    private static func milliseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// A path as seen from where the command was started.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }

    /// Resolves references, with the pipeline that `-p` or `$BAKE_PIPELINE` names.
    func resolver(_ store: BakeStore) throws -> ReferenceResolver {
        ReferenceResolver(store: store, pipeline: try pipeline(), clock: localClock)
    }

    /// The pipeline that was named; nil where none was.
    func pipeline() throws -> PipelineName? {
        guard let text = options.pipeline ?? environment["BAKE_PIPELINE"].nonEmpty else { return nil }
        guard let name = PipelineName(text) else { throw UsageError(subject: text, reason: "it is no pipeline's name") }
        return name
    }

    /// A request to move something, with everything that is recorded of it.
    func request() throws -> EnvironmentPromotion.Request {
        EnvironmentPromotion.Request(
            actor: try actor(), clock: now(), reason: options.reason, isDryRun: options.isDryRun)
    }

    /// Where the process was started; where that is gone, names lead nowhere.
    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    private static func identity() -> String {
        (0..<4).map { _ in
            let digits = String(UInt32.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}

/// A mistake in the words of a command.
struct UsageError: ExplainedError, Hashable {
    let doing = "understand"
    let subject: String
    let reason: String
    var hint: String?
    var exit: ExitCode { .usage }
}

extension String? {
    /// The text; nil where it is absent or empty.
    var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
