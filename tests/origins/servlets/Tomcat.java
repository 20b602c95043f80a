import org.apache.catalina.Context;

public class Tomcat {
    public static void main(String[] args) throws Exception {
        var tomcat = new org.apache.catalina.startup.Tomcat();
        tomcat.setBaseDir(args[1]);
        tomcat.setHostname("localhost");
        tomcat.setPort(Integer.parseInt(args[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", args[1]);
        map(context, "mypage", "/mypage");
        map(context, "account", "/account/*");
        map(context, "area", "/area/orders");
        org.apache.catalina.startup.Tomcat.addServlet(context, "public", new Says("public"));
        context.addServletMappingDecoded("/", "public");
        tomcat.start();
        tomcat.getServer().await();
    }

    private static void map(Context context, String name, String pattern) {
        org.apache.catalina.startup.Tomcat.addServlet(context, name, new Says("personal:" + name));
        context.addServletMappingDecoded(pattern, name);
    }
}
