<?php

use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\Routing\Exception\ExceptionInterface;
use Symfony\Component\Routing\Matcher\UrlMatcher;
use Symfony\Component\Routing\RequestContext;
use Symfony\Component\Routing\Route;
use Symfony\Component\Routing\RouteCollection;

require_once '/usr/share/php/Symfony/Component/Routing/autoload.php';
require_once '/usr/share/php/Symfony/Component/HttpFoundation/autoload.php';

$routes = new RouteCollection();
$routes->add('mypage', new Route('/mypage', ['text' => 'personal:mypage']));
$routes->add('account', new Route('/account/{rest}', ['text' => 'personal:account', 'rest' => ''], ['rest' => '.*']));
$routes->add('area', new Route('/area/orders.{_format}', ['text' => 'personal:area', '_format' => 'html']));

$request = Request::createFromGlobals();
try {
    echo (new UrlMatcher($routes, (new RequestContext())->fromRequest($request)))->match($request->getPathInfo())['text'];
} catch (ExceptionInterface $error) {
    echo 'public';
}
