import BakeModel
import Glibc

/// What a program said and how it ended, for programs that are run to their end.
public struct CompletedProcess: Sendable {
    /// How it ended.
    public let ending: ChildProcess.Ending
    /// What it wrote to standard output.
    public let output: [UInt8]
    /// What it wrote to standard error; the first bytes where it wrote more than the limit.
    public let errors: [UInt8]

    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }

    /// The last lines of standard error, for messages.
    public var lastErrors: String {
        String(decoding: errors, as: UTF8.self).split(separator: "\n").suffix(12).joined(separator: "\n")
    }

    /// Runs a program to its end, reading both of its streams.
    /// - Parameter descriptors: what it has besides its three streams.
    /// - Parameter outputLimit: more bytes than this on standard output is an error (EFBIG).
    /// - Parameter deadline: seconds after which it is killed.
    public static func run(
        _ path: String, _ arguments: [String], environment: [String], input: Descriptor? = nil,
        directory: String? = nil, descriptors: [Int32: Descriptor] = [:], outputLimit: Int = 64 << 20,
        deadline: Double = 3600
    ) throws(SystemError) -> CompletedProcess {
        let (child, outRead, errRead) = try start(
            path, arguments, environment: environment, input: input, directory: directory, descriptors)
        let watchdog = Watchdog(seconds: deadline) { child.kill() }
        defer { watchdog.cancel() }
        let errors = Worker { try errRead.readAll(limit: 16 << 20) }
        var failure: SystemError?
        var output: [UInt8] = []
        do throws(SystemError) { output = try outRead.readAll(limit: outputLimit) } catch {
            failure = error
            child.kill()
        }
        let ending = try child.wait()
        if let failure { throw failure }
        return CompletedProcess(ending: ending, output: output, errors: (try? errors.result()) ?? [])
    }

    /// The write ends of both pipes are closed when this returns: else the end of the streams would never come.
    private static func start(
        _ path: String, _ arguments: [String], environment: [String], input: Descriptor?, directory: String?,
        _ others: [Int32: Descriptor]
    ) throws(SystemError) -> (ChildProcess, out: Descriptor, errors: Descriptor) {
        let (outRead, outWrite) = try Descriptor.pipe()
        let (errRead, errWrite) = try Descriptor.pipe()
        var descriptors = others
        (descriptors[1], descriptors[2]) = (outWrite, errWrite)
        if let input { descriptors[0] = input }
        let child = try ChildProcess.start(
            path, arguments, environment: environment, descriptors: descriptors, directory: directory)
        return (child, outRead, errRead)
    }
}
