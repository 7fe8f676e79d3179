import BakeModel
import Glibc
import LinuxSystem

/// A Serverspec suite of this machine: a directory of `*_spec.rb`, or one such file.
///
/// It is a program of whoever tests, and runs as they are; only the commands that it sends run inside the image.
public struct ServerspecSuite: Sendable {
    /// As it was named.
    public let name: String
    /// Another one is another suite: the names and bytes of all its Ruby files.
    public let digest: Digest
    /// Where rspec starts, so that `require 'spec_helper'` finds `spec/`.
    private let directory: String
    private let files: [String]
    /// Where a private directory is made for each run.
    private let temporary: String
    private static let rspec = "/usr/bin/rspec"
    private static let resultLimit = 64 << 20
    private static let outputLimit = 64 << 20

    /// Finds the files.
    /// - Parameter temporary: where private directories are made.
    /// - Throws: `ServerspecError` where there is none, or no rspec.
    public init(at path: String, called name: String, temporary: String = "/tmp") throws {
        guard access(Self.rspec, X_OK) == 0 else { throw ServerspecError.noRspec }
        var status = stat()
        guard stat(path, &status) == 0 else { throw ServerspecError.missing(name) }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        let top = isDirectory ? path : DurableFile.parent(of: path)
        let sources = try DirectoryListing.files(below: top).filter { $0.hasSuffix(".rb") }
        let specs = isDirectory ? sources.filter { $0.hasSuffix("_spec.rb") }.map { "\(top)/\($0)" } : [path]
        guard !specs.isEmpty else { throw ServerspecError.noSpecs(name) }
        let contents = try sources.map { source -> JSON in
            [
                .string(source),
                .string(Digest.of(try DurableFile.read("\(top)/\(source)", limit: 16 << 20)).description),
            ]
        }
        self.name = name
        digest = JSON.array(contents).digest
        files = specs
        directory = DurableFile.exists("\(top)/spec") ? top : DurableFile.parent(of: top)
        self.temporary = temporary
    }

    /// Runs it, so often.
    /// - Throws: `ServerspecError` where rspec told nothing. Examples that fail, and a process of the image's that did, are
    ///   part of the verdict.
    public func verdict(in session: ServerspecSession, runs: Int = 1) throws -> Verdict {
        let verdicts = try (0..<max(1, runs)).map { _ in
            try verdict(of: session.configuration) { streams in try session.run(streams) }
        }
        return Verdict(repeated: verdicts).withoutIdleStart(othersTell: false)
    }

    /// Runs it once.
    /// - Parameters:
    ///   - configuration: the image's.
    ///   - enter: answers the questions that come from the first of these on the second, until they end, and tells what
    ///     became of the image's process.
    func verdict(
        of configuration: ImageConfiguration, enter: @escaping @Sendable ([Descriptor]) throws -> Verdict
    ) throws -> Verdict {
        let scratch = try TemporaryScripts(in: temporary)
        defer { scratch.remove() }
        let (run, session) = try run(scratch, configuration, enter)
        let lines = (try? DurableFile.read(scratch.results, limit: Self.resultLimit)) ?? []
        let results = ServerspecResults(lines)
        // Waited for in any case: the sandbox is gone then. Why there was no session says more than what Ruby makes of it.
        let process: Verdict
        do { process = try session.result() } catch let error as any ExplainedError
            where error.subject == ServerspecSession.shell
        {
            throw ServerspecError.noShell(name, reason: error.reason)
        }
        guard !results.checks.isEmpty else {
            throw ServerspecError.nothingRan(name, said: results.messages + run.lastErrors)
        }
        let found = Verdict(checks: results.checks(run.ending) + process.checks)
        return Verdict(checks: found.checks, output: found.isPass ? nil : process.output)
    }

    private func run(
        _ scratch: TemporaryScripts, _ configuration: ImageConfiguration,
        _ enter: @escaping @Sendable ([Descriptor]) throws -> Verdict
    ) throws -> (CompletedProcess, Worker<Verdict>) {
        let pipes = try ServerspecPipes()
        let session = Worker {
            // They are at their end when the session is: whoever waits for an answer then hears that there is none.
            try enter(pipes.takeSessionEnds())
        }
        let words = [
            "--require", scratch.backend, "-I", scratch.path, "-I", directory, "-I", DurableFile.parent(of: files[0]),
            "--format",
            "BakeFormatter", "--out", scratch.results, "--no-color",
        ]
        let environment = [
            "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(scratch.path)", "LANG=C.UTF-8",
            "\(ServerspecDocker.variable)=\(configuration.ociJSON.canonical)",
        ]
        defer { pipes.closeRspecEnds() }
        // What a suite starts on this machine and leaves behind ends with it, and is not waited for.
        let (run, _) = try GroupedProcess.run(
            outputLimit: Self.outputLimit, milliseconds: ServerspecSession.unlimited * 1000
        ) { output, errors in
            try ChildProcess.start(
                Self.rspec, words + files, environment: environment,
                descriptors: pipes.rspecEnds().merging([1: output, 2: errors]) { $1 }, directory: directory,
                leadsGroup: true)
        }
        return (run, session)
    }
}

/// Why a Serverspec suite gave no verdict.
public enum ServerspecError: ExplainedError, Hashable {
    /// rspec is not installed.
    case noRspec
    /// There is no such directory or file.
    case missing(String)
    /// The directory has no `*_spec.rb`.
    case noSpecs(String)
    /// The image has no shell, or it cannot be started, and why.
    case noShell(String, reason: String)
    /// No example ran, and what rspec said.
    case nothingRan(String, said: String)

    public var doing: String { "run the Serverspec suite" }
    public var subject: String {
        switch self {
        case .noRspec: "/usr/bin/rspec"
        case .missing(let name), .noSpecs(let name), .noShell(let name, _), .nothingRan(let name, _): name
        }
    }
    public var reason: String {
        switch self {
        case .noRspec: "it is not installed"
        case .missing: "there is no such directory or file"
        case .noSpecs: "it has no *_spec.rb"
        case .noShell(_, let reason): "it asks through the image's \(ServerspecSession.shell): \(reason)"
        case .nothingRan(_, let said): "no example ran" + (said.isEmpty ? "" : ": \(said)")
        }
    }
    public var hint: String? {
        switch self {
        case .noRspec: "apt-get install ruby-rspec ruby-serverspec"
        case .noShell: "a goss file asks an image without a shell: bake test IMAGE goss.yaml"
        case .missing, .noSpecs, .nothingRan: nil
        }
    }
    public var exit: ExitCode {
        switch self {
        case .missing: .notFound
        case .noRspec, .noSpecs, .noShell, .nothingRan: .usage
        }
    }
}
