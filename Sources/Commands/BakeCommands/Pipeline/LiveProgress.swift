import BakeModel
import BakePipeline
import Glibc
import LinuxSystem
import Synchronization

/// A line for each running node below everything else on a terminal, redrawn ten times a second; other lines scroll up.
///
/// Nothing of it is left when it stops, whenever that is: lines are erased before anything else is written.
final class LiveProgress: Sendable {
    private let console: Console
    private let style: TerminalStyle
    private let state = Mutex(State())
    private static let pause: UInt32 = 100_000

    private struct State {
        var running: [ProgressLine] = []
        /// How wide the lines are that stand there now.
        var drawn: [Int] = []
        var isStopped = false
        var isStarted = false
    }

    init(console: Console) {
        self.console = console
        style = TerminalStyle(isOn: true)
    }

    /// Takes what happens. The first node that runs starts the drawing.
    func observe(_ event: BakeEvent) {
        state.withLock { state in
            switch event {
            case .waiting(let name): Self.change(&state, name) { $0.isWaiting = true }
            case .started(let name, _, let expected):
                Self.change(&state, name) { ($0.isWaiting, $0.expected) = (false, expected) }
            case .measured(let stage, let meter): Self.change(&state, stage.text) { $0.meter = meter }
            case .output(let stage, let line):
                guard let index = state.running.firstIndex(where: { $0.name == stage.text }) else { return }
                let last = line.split(separator: "\r").last.map(String.init) ?? ""
                state.running[index].lastLine = TerminalText.escaped(last)
            case .settled(let node): state.running.removeAll { $0.name == node.name }
            }
        }
        start()
    }

    /// Prints a line above those of the running nodes.
    func print(_ line: String) {
        state.withLock { state in
            var text = erasure(&state) + line + "\n"
            if !state.isStopped { text += drawing(&state) }
            console.draw(text)
        }
    }

    /// Erases everything, for good.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            console.draw(erasure(&state))
        }
    }

    private static func change(_ state: inout State, _ name: String, _ change: (inout ProgressLine) -> Void) {
        let index = state.running.firstIndex { $0.name == name }
        if index == nil { state.running.append(ProgressLine(name: name, begin: CommandSession.ticks())) }
        change(&state.running[index ?? state.running.count - 1])
    }

    private func start() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = state.isStarted || !state.running.isEmpty }
            return !state.isStarted && !state.running.isEmpty
        }
        if isFirst { _ = Worker { [self] in while redraw() { usleep(Self.pause) } } }
    }

    private func redraw() -> Bool {
        state.withLock { state in
            guard !state.isStopped else { return false }
            console.draw(erasure(&state) + drawing(&state))
            return true
        }
    }

    /// Takes the cursor to where the lines begin, and removes them. A terminal that became narrower has broken them.
    private func erasure(_ state: inout State) -> String {
        guard !state.drawn.isEmpty else { return "" }
        let columns = size.columns
        let rows = state.drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        state.drawn = []
        return "\r" + (rows > 1 ? "\u{1b}[\(rows - 1)A" : "") + "\u{1b}[J"
    }

    /// The lines, the last without an end. One column stays free, so that the terminal breaks none of them.
    private func drawing(_ state: inout State) -> String {
        let size = size
        let now = CommandSession.ticks()
        var lines: [String] = []
        for index in state.running.indices.prefix(max(1, size.rows - 1)) {
            let line = state.running[index].text(at: now, columns: size.columns - 1, style: style)
            lines.append(line.text)
            state.drawn.append(line.width)
        }
        return lines.joined(separator: "\n")
    }

    private var size: TerminalSize { TerminalSize(of: 2) ?? TerminalSize(columns: 80, rows: 24) }
}
