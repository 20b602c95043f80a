import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

public class Jetty {
    public static void main(String[] args) throws Exception {
        var server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        var context = new ServletContextHandler();
        context.setContextPath("/");
        context.addServlet(new ServletHolder(new Says("personal:mypage")), "/mypage");
        context.addServlet(new ServletHolder(new Says("personal:account")), "/account/*");
        context.addServlet(new ServletHolder(new Says("personal:area")), "/area/orders");
        context.addServlet(new ServletHolder(new Says("public")), "/");
        server.setHandler(context);
        server.start();
        server.join();
    }
}
