import Dispatch

/// Does something once, after some seconds, unless cancelled before.
public final class Watchdog {
    private let timer: any DispatchSourceTimer

    /// Starts the clock. `action` runs on a queue of its own.
    public init(seconds: Double, _ action: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "bake.watchdog"))
        timer.schedule(deadline: .now() + seconds)
        timer.setEventHandler(handler: action)
        timer.resume()
    }

    /// Stops the clock; nothing happens any more.
    public func cancel() { timer.cancel() }
}
