import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Mounts an empty root, and runs a program in it, to find out whether that can be done.
struct ProbeTask: RootTask {
    static let name = "probe"
    let runsProgram: Bool

    init(runsProgram: Bool) { self.runsProgram = runsProgram }

    init(_ message: TaskMessage) throws { runsProgram = try message.flag("program") }

    var message: JSON { ["program": .bool(runsProgram)] }

    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount([], for: .sandbox, in: workplace)
        guard runsProgram else { return .null }
        // Closed before it is run: a file that is being written cannot be.
        try Self.write(SmallestProgram.bytes, to: "\(root.path)/probe")
        let null = try Descriptor.open("/dev/null", O_RDWR)
        let ending = try Sandbox(root).start(SandboxProgram(["/probe"]), .log(null)).wait()
        guard ending.succeeded else { throw ProbeFailure(ending: ending.explanation) }
        return .null
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o755)
        try file.write(bytes)
    }
}

extension RootWorkshop {
    /// Tries to mount a root, and to run a program in it.
    func probe(runsProgram: Bool) throws {
        let call = try start(ProbeTask(runsProgram: runsProgram), [:], network: .own)
        _ = try call.finish(deadline: 60)
    }
}

/// The sandbox's program did not do what it does.
struct ProbeFailure: ExplainedError, Hashable {
    let ending: String

    var doing: String { "run" }
    var subject: String { "a program in a sandbox" }
    var reason: String { ending }
}

/// A program that needs no library and does nothing but exit(0).
enum SmallestProgram {
    #if arch(x86_64)
    private static let machine: UInt16 = 62
    // mov eax, 60; xor edi, edi; syscall
    private static let code: [UInt8] = [0xb8, 0x3c, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05]
    #else
    private static let machine: UInt16 = 183
    // mov x0, 0; mov x8, 93; svc 0
    private static let code: [UInt8] = [0, 0, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0, 0, 0xd4]
    #endif
    private static let address: UInt64 = 0x400000
    private static let headerSize: UInt64 = 64 + 56

    /// An ELF file with one segment. Source: elf(5), Elf64_Ehdr and Elf64_Phdr.
    static var bytes: [UInt8] {
        let size = headerSize + UInt64(code.count)
        let identity: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        // Type, machine, version; entry, program header, section header; flags; the sizes and counts of headers.
        let header = number(2, 2) + number(UInt64(machine), 2) + number(1, 4) + number(address + headerSize, 8)
        let tables = number(64, 8) + number(0, 8) + number(0, 4)
        let counts = [64, 56, 1, 0, 0, 0].flatMap { number($0, 2) }
        // Type, flags (read and run); offset, two addresses, size in the file and in memory, alignment.
        let segment = number(1, 4) + number(5, 4) + [0, address, address, size, size, 4096].flatMap { number($0, 8) }
        return identity + header + tables + counts + segment + code
    }

    private static func number(_ value: UInt64, _ size: UInt64) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
