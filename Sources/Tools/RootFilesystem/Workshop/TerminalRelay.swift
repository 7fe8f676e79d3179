import CLinux
import Glibc
import LinuxSystem

/// A terminal for a program in a sandbox, joined to one that a person sits at: what is typed goes in, what is said
/// comes out, and the size follows. Ctrl-C is a letter here and a signal there.
final class TerminalRelay: Sendable {
    /// The path of the program's terminal.
    let innerPath: String
    private let controller: Descriptor
    private let input: Descriptor
    private let output: Descriptor

    private init(_ input: Descriptor, _ output: Descriptor) throws {
        self.input = input
        self.output = output
        var name = [CChar](repeating: 0, count: 256)
        let number = try SystemError.check("make", "a terminal") { clinux_open_terminal(&name, name.count) }
        controller = Descriptor(owning: number)
        innerPath = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A relay where input and output are a terminal; else nil.
    static func ifInteractive(_ input: Descriptor, _ output: Descriptor) throws -> TerminalRelay? {
        isatty(input.number) == 1 && isatty(output.number) == 1 ? try TerminalRelay(input, output) : nil
    }

    /// Descriptors 0, 1 and 2 of the program.
    func innerStreams() throws(SystemError) -> [Descriptor] {
        let terminal = try Descriptor.open(innerPath, O_RDWR | O_NOCTTY)
        _ = clinux_copy_window_size(input.number, terminal.number)
        return [terminal, terminal, terminal]
    }

    /// Relays until stopped. The person's terminal passes every letter on as it is meanwhile.
    func start() throws -> Running {
        var before = termios()
        try SystemError.check("examine", "the terminal") { tcgetattr(input.number, &before) }
        var raw = before
        cfmakeraw(&raw)
        let (stopRead, stopWrite) = try Descriptor.pipe()
        try SystemError.check("prepare", "the terminal") { tcsetattr(input.number, TCSADRAIN, &raw) }
        let worker = Worker { [self] in relay(until: stopRead) }
        return Running(worker: worker, stop: stopWrite, input: input, before: before)
    }

    /// A relay at work.
    struct Running {
        fileprivate let worker: Worker<Void>
        fileprivate let stop: Descriptor
        fileprivate let input: Descriptor
        fileprivate let before: termios

        /// Passes on what is left, ends the relay and gives the terminal back as it was.
        func stopAndRestore() {
            try? stop.write([0])
            try? worker.result()
            var before = before
            tcsetattr(input.number, TCSADRAIN, &before)
        }
    }

    private func relay(until stop: Descriptor) {
        var isStopping = false
        var reads = [input.number, controller.number, stop.number].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while true {
            // The size has no descriptor to wait for, and its signal belongs to the whole process.
            let count = poll(&reads, 3, isStopping ? 0 : 200)
            if count < 0 && errno != EINTR { return }
            _ = clinux_copy_window_size(input.number, controller.number)
            if count == 0, isStopping { return }
            if reads[0].revents != 0, !pass(input.number, to: controller.number) { reads[0].fd = -1 }
            if reads[1].revents != 0, !pass(controller.number, to: output.number) { return }
            if reads[2].revents != 0 {
                isStopping = true
                reads[0].fd = -1
                reads[2].fd = -1
            }
        }
    }

    /// Passes on what is there; false at the end.
    private func pass(_ source: Int32, to target: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = read(source, &buffer, buffer.count)
        if count <= 0 { return count < 0 && errno == EINTR }
        var written = 0
        while written < count {
            let step = buffer[written..<count].withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
            if step < 0 && errno != EINTR { return false }
            written += max(step, 0)
        }
        return true
    }
}
